"""What is seen of a supernet after each epoch."""

import dataclasses
import random
from itertools import islice

import pytest
import torch
from search.short import SETTINGS

from sernas.folds.segments import batches
from sernas.models import build_supernet
from sernas.search.gradient import ArchitectureGradient
from sernas.search.layer_signal import layers_in, mean_squares
from sernas.search.strategy import everything
from sernas.search.supernet import Supernet
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

LAYERS = ["conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4"]


@pytest.fixture
def search(fold, tiny):
    def make(strategy="sampling", system="cnn_rnn_att", seed=1, **changes):
        space, cpu = search_space(system), torch.device("cpu")
        settings = dataclasses.replace(SETTINGS, **changes)
        probe = space.draw(random.Random(0))
        args = (fold, tiny.optimisation, settings, SpaceSettings(), seed, probe, cpu)
        return Search(strategy, system, *args)

    return make


def gradients_noted(*steps, rate=0.1):
    logits = torch.nn.Parameter(torch.zeros(len(steps[0])))
    noted = ArchitectureGradient([logits])
    for step in steps:
        logits.grad = torch.tensor(step)
        noted.note(rate)
    return noted


def test_a_gradient_is_told_from_its_noise():
    found = gradients_noted([3.0, 1.0], [3.0, -1.0], [3.0, 1.0], [3.0, -1.0]).figures()
    assert found["gradient"] == pytest.approx(3)
    assert found["gradient_noise"] == pytest.approx((4 / 3 / 4) ** 0.5)  # std (n - 1) / sqrt(4)
    assert found["wander"] == pytest.approx(0.1 * 4**0.5)


def test_an_epoch_begins_without_gradients_and_one_step_tells_no_noise():
    noted = gradients_noted([1.0, 2.0])
    assert noted.figures()["gradient_noise"] is None
    noted.begin_epoch()
    assert set(noted.figures().values()) == {None}


def test_noise_alone_is_about_one_standard_error():
    generator = torch.Generator().manual_seed(0)
    ratios = []
    for _ in range(50):
        steps = torch.randn(40, 20, generator=generator).tolist()
        found = gradients_noted(*steps).figures()
        ratios.append(found["gradient"] / found["gradient_noise"])
    assert sum(ratios) / len(ratios) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_layers_that_are_looked_at_do_what_they_do_unseen(system):
    supernet, x = Supernet(build_supernet(system, n_bins=64)).eval(), torch.randn(2, 1, 64, 48)
    mixing = everything(supernet.weights())
    with torch.no_grad():
        unseen = supernet(x, mixing)
        with mean_squares(supernet.system) as squares:
            seen = supernet(x, mixing)
        first = supernet.system.encoder.conv2d_1(x, mixing["conv2d_1"])
        again = supernet(x, mixing)
    torch.testing.assert_close(seen, unseen)
    assert torch.equal(again, unseen)
    assert list(squares) == [*LAYERS, "attention" if system == "cnn_rnn_att" else "dense"]
    torch.testing.assert_close(squares["conv2d_1"], [first.square().mean()])
    torch.testing.assert_close(squares[list(squares)[-1]], [unseen.square().mean()])


def test_cells_are_looked_at_by_their_number():
    assert list(layers_in(build_supernet("darts_cnn_c4", n_bins=32))) == ["0", "1", "2", "3"]


def test_a_history_says_what_is_seen(search, fold):
    run = search(epochs=2, architecture_epochs=2)
    history = run.run().history
    assert [row["gradient"] is None for row in history] == [True, True, False, False]
    assert [row["wander"] is None for row in history] == [True, True, False, False]
    for layer in (*LAYERS, "attention"):
        assert all(row[f"rms/{layer}"] > 0 for row in history)
    assert len({row["mixture_loss"] for row in history}) == 4
    # the operations, and so the paths, stay as they are in the second stage
    assert [row["paths_loss"] is None for row in history] == [False, False, True, True]


def test_losses_are_those_of_the_mixture_and_of_four_paths(search, fold):
    run = search()
    data, glance = fold.segments("train"), run.glance
    (indices,) = islice(batches(len(data), 8, torch.Generator().manual_seed(0)), glance.batches)
    x, y = data.batch(indices)
    with torch.no_grad():
        mixture = run.supernet(x, run.updates.everything())
        paths = [run.supernet(x, path) for path in glance.paths]
    losses = [torch.nn.functional.cross_entropy(s, y).item() for s in (mixture, *paths)]
    found = glance.figures(of_operations=True)
    assert found["mixture_loss"] == pytest.approx(losses[0], rel=1e-5)
    assert found["paths_loss"] == pytest.approx(sum(losses[1:]) / 4, rel=1e-5)
    assert len({tuple(m.candidates for m in path.values()) for path in glance.paths}) == 4


def test_strategies_are_seen_by_the_same_paths_and_seeds_by_others(search):
    joint, dropout, other = (
        search(name, seed=seed).glance.paths
        for name, seed in (("joint", 1), ("dropout", 1), ("joint", 2))
    )
    assert joint == dropout != other
