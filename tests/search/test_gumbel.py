import random
from collections import Counter

import pytest
import torch

from sernas.search.gumbel import gumbel_path


def test_candidates_are_drawn_as_often_as_their_weights_say():
    rng, a = random.Random(0), {"dense": torch.tensor([0.5, 0.2, 0.2, 0.1])}
    drawn = [gumbel_path(a, 0.3, rng)["dense"] for _ in range(4000)]
    assert all(mix.weights is None for mix in drawn)  # nothing is trained through it
    counts = Counter(mix.candidates for mix in drawn)
    for i, weight in enumerate(a["dense"].tolist()):
        assert counts[i,] / 4000 == pytest.approx(weight, abs=4 * (weight / 4000) ** 0.5)


def test_the_drawn_weight_is_1_and_has_the_gradient_of_the_relaxed_probability():
    logits = torch.tensor([0.3, -0.2, 1.0], dtype=torch.float64, requires_grad=True)
    rng, twin, temperature = random.Random(5), random.Random(5), 2.0
    mix = gumbel_path({"dense": torch.softmax(logits, 0)}, temperature, rng)["dense"]
    noise = -torch.tensor([twin.expovariate(1) for _ in range(3)], dtype=torch.float64).log()
    soft = torch.softmax((logits + noise) / temperature, 0)
    (i,) = mix.candidates
    assert i == int((logits + noise).argmax())
    assert mix.weights[i].item() == pytest.approx(1)
    (gradient,) = torch.autograd.grad(mix.weights[i], logits)
    (expected,) = torch.autograd.grad(soft[i], logits)
    torch.testing.assert_close(gradient, expected)
    assert rng.getstate() == twin.getstate()


def test_the_weights_come_to_prefer_the_better_of_two_candidates():
    """An output of 1 is asked for: candidate 1 gives 0.9, candidate 0 -0.9."""
    logits = torch.zeros(2, requires_grad=True)
    outputs, rng = torch.tensor([-0.9, 0.9]), random.Random(0)
    optimizer = torch.optim.Adam([logits], lr=0.02)
    for _ in range(200):
        mix = gumbel_path({"dense": torch.softmax(logits, 0)}, 1.0, rng)["dense"]
        (i,) = mix.candidates
        optimizer.zero_grad()
        (mix.weights[i] * outputs[i] - 1).square().backward()
        optimizer.step()
    assert torch.softmax(logits, 0)[1] > 0.9
