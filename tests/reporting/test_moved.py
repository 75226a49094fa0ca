import numpy as np
import pytest

from sernas.reporting.moved import displacement, has_moved

RATE = 0.001


def searched(history, *weights, steps=100, loss=1.0):
    """A search of one stage whose every epoch takes so many steps with the architecture weights.

    Its mixture ends with that loss.
    """
    found = history([1.0] * len(weights), [1.0] * len(weights))
    columns = {"weight/dense/32": weights, "weight/dense/48": 1 - np.array(weights)}
    losses = {"mixture_loss": loss, "paths_loss": 1.4}
    return found.assign(**columns, **losses, wander=RATE * steps**0.5)


def test_displacement_is_that_of_the_logits_whatever_their_mean():
    logits = np.array([2.0, 1.0, 0.0])
    assert displacement(np.exp(logits) / np.exp(logits).sum()) == pytest.approx((2 / 3) ** 0.5)
    assert displacement(np.array([0.5, 0.5])) == 0
    assert np.isfinite(displacement(np.array([1.0, 0.0])))


@pytest.mark.parametrize(
    ("last", "steps", "moved"),
    [
        (0.5, 1, False),
        (0.54, 1, False),  # far from where it began for one step, but nothing shows
        (0.56, 100, True),  # logits of +-0.12, a random walk's would be +-0.01 an epoch
        (0.56, 10000, False),  # +-0.12 is what a random walk makes of it
    ],
)
def test_weights_have_moved_beyond_noise_and_visibly(history, last, steps, moved):
    assert has_moved(searched(history, 0.5, last, steps=steps), 4) == moved


def test_weights_of_a_supernet_that_guesses_have_not_moved_wherever_they_went(history):
    assert has_moved(searched(history, 0.5, 0.56, loss=1.3), 4)
    assert not has_moved(searched(history, 0.5, 0.56, loss=1.385), 4)


def test_random_walks_of_adam_have_not_moved_and_steady_steps_have(history):
    import torch

    def share(gradient, rate=0.02, steps=400, searches=40):
        generator = torch.Generator().manual_seed(0)
        logits = torch.nn.Parameter(torch.zeros(searches, 2))
        adam = torch.optim.Adam([logits], lr=rate)
        for _ in range(steps):
            noise = torch.randn(searches, 2, generator=generator)
            logits.grad = noise + torch.tensor([-gradient, gradient])
            adam.step()
        last = torch.softmax(logits.detach(), 1)[:, 0].tolist()
        found = [searched(history, a).assign(wander=rate * steps**0.5) for a in last]
        return np.mean([has_moved(each, 4) for each in found])

    assert share(0) <= 0.05
    assert share(0.5) == 1


@pytest.mark.parametrize(
    ("first", "best", "moved"),
    [
        (1.2, 1.18, False),
        (1.2, 1.1, True),
        (1.5, 1.35, False),  # a path or two that are worse than guesses make no choice
    ],
)
def test_ranked_paths_have_moved_if_the_best_beats_those_drawn_and_guesses(
    history, first, best, moved
):
    trained = history([1.4], [1.4])
    ranked = trained.assign(stage="evolution", loss=best, paths_loss=first)
    assert has_moved(ranked, 4) == moved
