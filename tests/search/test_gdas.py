import random
from collections import Counter

import pytest
import torch
from search.short import SETTINGS

from sernas.search.strategy import STRATEGIES, Moment

GDAS = STRATEGIES["gdas"]
FIRST, LAST = Moment(0, 2, 0, 3), Moment(1, 2, 2, 3)


def test_the_temperature_falls_linearly_from_10_to_1():
    found = [GDAS.temperature(Moment(0, 1, step, 5)) for step in range(5)]
    assert found == pytest.approx([10, 7.75, 5.5, 3.25, 1])


@pytest.mark.parametrize("update", ["operation_mixing", "architecture_mixing"])
def test_a_step_is_on_one_operation_drawn_by_its_weight(update):
    """The largest of log a and Gumbel noise is drawn with probability a, however hot."""
    a, rng, n = {"dense": torch.tensor([0.5, 0.3, 0.15, 0.05])}, random.Random(0), 3000
    for moment in (FIRST, LAST):
        drawn = Counter(
            getattr(GDAS, update)(None, a, moment, SETTINGS, rng)["dense"].candidates
            for _ in range(n)
        )
        for i, share in enumerate(a["dense"].tolist()):
            assert drawn[(i,)] == pytest.approx(n * share, abs=5 * (n * share) ** 0.5)


def test_the_gradient_is_that_of_the_relaxed_choice_which_sharpens():
    """At first nearly as small as the temperature is large; zero in the sum over candidates."""
    sizes = []
    for moment in (FIRST, LAST):
        logits, total = torch.zeros(4, requires_grad=True), 0
        for seed in range(200):
            mixing = GDAS.architecture_mixing(
                None, {"dense": torch.softmax(logits, 0)}, moment, SETTINGS, random.Random(seed)
            )
            ((i,),) = [mix.candidates for mix in mixing.values()]
            assert mixing["dense"].weights[i].item() == 1
            (gradient,) = torch.autograd.grad(mixing["dense"].weights[i], logits)
            assert float(gradient.sum()) == pytest.approx(0, abs=1e-6)
            assert gradient[i] > 0
            total += float(gradient[i])
        sizes.append(total / 200)
    assert sizes[0] < 0.25 * 0.75 / 8
    assert sizes[1] > 5 * sizes[0]
