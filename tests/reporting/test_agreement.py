import random

import numpy as np
import pytest

from sernas.reporting.agreement import Derived, agreement, agreement_by_layer
from sernas.systems.card import search_space

CHANCE = {"a": 1 / 2, "b": 1 / 4}


def runs(*choices, folds=2):
    """Runs of seed 1, then of seed 2 and so on, each of as many folds: ``"xy"`` chose x and y."""
    return [
        Derived(1 + i // folds, 1 + i % folds, dict(zip("ab", pair, strict=True)))
        for i, pair in enumerate(choices)
    ]


def test_runs_that_agree_have_a_kappa_of_one():
    found = agreement(runs("xy", "xy", "xy", "xy"), CHANCE)
    assert found == (1, 1, 1, 1, 1)


def test_kappa_counts_pairs_of_runs_against_chance():
    found = agreement(runs("xy", "xz", "vy", "xz"), CHANCE)
    # of six pairs: 3 alike in a, and in b 1 and 3, 2 and 4
    observed, expected = (3 + 2) / 12, (1 / 2 + 1 / 4) / 2
    assert found.kappa == pytest.approx((observed - expected) / (1 - expected))
    # of one fold: runs 1 and 3, 2 and 4; of one seed: 1 and 2, 3 and 4
    assert found.seeds == pytest.approx((3 / 4 - expected) / (1 - expected))
    assert found.folds == pytest.approx((1 / 4 - expected) / (1 - expected))
    assert found.low < found.kappa < found.high


def test_what_too_few_runs_cannot_tell_is_unknown():
    assert np.isnan(agreement(runs("xy"), CHANCE)).all()
    two = agreement(runs("xy", "xy"), CHANCE)
    assert two.kappa == two.folds == 1
    assert np.isnan([two.low, two.high, two.seeds]).all()


def test_a_layer_without_a_choice_does_not_count():
    with_one = agreement(runs("xy", "xz", "xy"), {"a": 1, "b": 1 / 4})
    assert with_one.kappa == pytest.approx((1 / 3 - 1 / 4) / (3 / 4))


@pytest.mark.parametrize("system", ["cnn_seqcap", "darts_cnn_c4"])
def test_draws_agree_as_chance_says(system):
    space, rng = search_space(system), random.Random(0)
    chance = space.coincidence()
    drawn = [Derived(seed, 1, space.draw(rng)) for seed in range(300)]
    by_layer = agreement_by_layer(drawn, chance)
    assert by_layer["observed"].to_numpy() == pytest.approx(by_layer["chance"].to_numpy(), abs=0.08)
    few = [
        agreement([Derived(s, 1, space.draw(rng)) for s in range(9)], chance) for _ in range(100)
    ]
    assert np.mean([a.kappa for a in few]) == pytest.approx(0, abs=0.02)
    assert np.mean([a.low <= 0 <= a.high for a in few]) >= 0.92


def test_the_interval_covers_what_is_true():
    """Half of the runs' choices are the same one."""
    space, rng = search_space("cnn_seqcap"), random.Random(0)
    chance, same = space.coincidence(), space.baseline

    def derived():
        drawn = space.draw(rng)
        return {layer: same[layer] if rng.random() < 0.5 else drawn[layer] for layer in drawn}

    found = [agreement([Derived(s, 1, derived()) for s in range(9)], chance) for _ in range(200)]
    true = agreement([Derived(s, 1, derived()) for s in range(400)], chance).kappa
    assert 0.92 <= np.mean([a.low <= true <= a.high for a in found]) <= 0.99
