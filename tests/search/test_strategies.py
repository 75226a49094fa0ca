import dataclasses
import random
from collections import Counter
from itertools import product

import pytest
import torch
from search.short import SETTINGS

from sernas.base.errors import SettingsError
from sernas.models import build_supernet
from sernas.search.strategy import STRATEGIES, DirectStrategy, Moment, everything
from sernas.search.supernet import Supernet
from sernas.settings.search import SearchSettings
from sernas.systems.card import search_space

SPACE = search_space("cnn_seqcap").ordered(["conv2d_1", "conv2d_2", "dense"])
MOMENT = Moment(0, 1, 0, 1)
LAST = Moment(0, 1, 9, 10)


def weights():
    torch.manual_seed(0)
    return {
        "conv2d_1": torch.softmax(torch.randn(6), 0),
        "conv2d_2": torch.softmax(torch.randn(6), 0),
        "dense": torch.softmax(torch.randn(4), 0),
    }


def mixings(name, n, settings=SETTINGS, moment=MOMENT):
    rng, a = random.Random(0), weights()
    strategy = STRATEGIES[name]
    return a, [strategy.operation_mixing(SPACE, a, moment, settings, rng) for _ in range(n)]


def uniform(counts, cells, n):
    expected = n / cells
    return len(counts) == cells and all(
        abs(c - expected) < 5 * expected**0.5 for c in counts.values()
    )


def test_the_strategies_of_the_papers():
    assert list(STRATEGIES) == [  # in the order of their files
        *("best_of_none", "darts", "darts_second_order"),
        *("dropout", "gdas", "gradient_norm", "independent_dropout", "joint", "nasp", "none"),
        *("operation_dropout", "random", "sampling", "single_path", "successive_halving"),
    ]


@pytest.mark.parametrize("name", ["sampling", "single_path"])
def test_sampling_takes_exactly_one_candidate_a_layer_uniformly_and_independently(name):
    a, drawn = mixings(name, 3600)
    for mixing in drawn:
        assert all(len(mix.candidates) == 1 and mix.weights is None for mix in mixing.values())
    for layer in a:
        assert uniform(Counter(m[layer].candidates for m in drawn), len(a[layer]), 3600)
    pairs = Counter((m["conv2d_1"].candidates, m["conv2d_2"].candidates) for m in drawn)
    assert uniform(pairs, 36, 3600)


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_a_sampled_path_takes_one_number_a_layer_in_the_order_of_the_weights(system):
    """Searches of earlier versions repeat: the stream of random numbers is what it was."""
    supernet, rng, twin = Supernet(build_supernet(system, n_bins=32)), *map(random.Random, (7, 7))
    for _ in range(50):
        a = supernet.weights()
        strategy = STRATEGIES["sampling"]
        mixing = strategy.operation_mixing(supernet.space, a, MOMENT, SETTINGS, rng)
        assert [m.candidates for m in mixing.values()] == [
            (twin.randrange(len(a[layer])),) for layer in a
        ]
    assert rng.getstate() == twin.getstate()


def test_dropout_masks_exactly_one_candidate_a_layer_uniformly_and_independently():
    a, drawn = mixings("dropout", 3600)

    def masked(mixing, layer):
        (i,) = set(range(len(a[layer]))) - set(mixing[layer].candidates)
        return i

    for layer in a:
        counts = Counter(masked(mixing, layer) for mixing in drawn)
        assert uniform(counts, len(a[layer]), 3600)
    pairs = Counter((masked(m, "conv2d_1"), masked(m, "conv2d_2")) for m in drawn)
    assert uniform(pairs, 36, 3600)


@pytest.mark.parametrize("masked", [1, 2, 3])
def test_dropout_keeps_the_softmax_weights_scaled_by_n_over_n_minus_masked(masked):
    settings = SearchSettings(**{**SETTINGS.__dict__, "masked": masked})
    a, (mixing,) = mixings("dropout", 1, settings)
    for layer, mix in mixing.items():
        n = len(a[layer])
        assert len(mix.candidates) == n - masked
        torch.testing.assert_close(mix.weights, a[layer] * n / (n - masked))
    even = {"conv2d_1": torch.full((6,), 1 / 6)}
    dropout, rng = STRATEGIES["dropout"], random.Random(0)
    mix = dropout.operation_mixing(SPACE, even, MOMENT, settings, rng)["conv2d_1"]
    assert float(mix.weights[list(mix.candidates)].sum()) == pytest.approx(1)


def test_dropout_cannot_mask_everything():
    settings = SearchSettings(**{**SETTINGS.__dict__, "masked": 4})
    with pytest.raises(SettingsError, match="dense has only 4 candidates; at most 3"):
        mixings("dropout", 1, settings)


def test_operation_dropout_drops_each_operation_ever_more_often():
    _, (whole,) = mixings("operation_dropout", 1)
    assert all(mix.candidates == tuple(range(len(mix.weights))) for mix in whole.values())
    settings = dataclasses.replace(SETTINGS, drop_rate=0.3)
    a, drawn = mixings("operation_dropout", 4000, settings, LAST)
    for layer, weights_ in a.items():
        n, candidates = len(weights_), [mixing[layer].candidates for mixing in drawn]
        dropped = 0.3 ** (1 / n)
        for i in range(n):  # itself kept, or drawn when all would go
            expected = 1 - dropped + 0.3 / n
            assert sum(i in kept for kept in candidates) / 4000 == pytest.approx(expected, abs=0.04)
        alone = n * (1 - dropped) * dropped ** (n - 1) + 0.3
        assert sum(len(k) == 1 for k in candidates) / 4000 == pytest.approx(alone, abs=0.04)
        for mixing in drawn[:20]:
            kept = mixing[layer].weights[list(mixing[layer].candidates)]
            assert kept.tolist() == pytest.approx([1 / len(kept)] * len(kept))


def test_joint_mixes_everything_by_softmax():
    a, (mixing,) = mixings("joint", 1)
    assert {layer: mix.candidates for layer, mix in mixing.items()} == {
        "conv2d_1": (0, 1, 2, 3, 4, 5),
        "conv2d_2": (0, 1, 2, 3, 4, 5),
        "dense": (0, 1, 2, 3),
    }
    assert all(torch.equal(mixing[layer].weights, a[layer]) for layer in a)
    assert mixing.keys() == everything(a).keys()


def test_none_is_the_hand_made_architecture_and_random_draws_as_many_as_told():
    space = search_space("cnn_rnn_att")
    assert STRATEGIES["none"].candidates(space, 1, random.Random(0)) == [space.baseline]
    drawn = STRATEGIES["random"].candidates(space, 5, random.Random(0))
    assert len(drawn) == 5
    assert drawn == STRATEGIES["random"].candidates(space, 5, random.Random(0))
    assert drawn != STRATEGIES["random"].candidates(space, 5, random.Random(1))
    assert all(isinstance(STRATEGIES[name], DirectStrategy) for name in ("none", "random"))


def test_controls_have_the_compute_of_random():
    best, halving = STRATEGIES["best_of_none"], STRATEGIES["successive_halving"]
    space = search_space("cnn_rnn_att")
    number = best.number(random_candidates=5, epochs=7)
    assert best.candidates(space, number, random.Random(0)) == [space.baseline] * 5
    assert not best.applies(search_space("darts_cnn_c4"))
    number = halving.number(random_candidates=5, epochs=7)
    drawn = halving.candidates(space, number, random.Random(0))
    assert len(drawn) == 16
    assert drawn[:5] == STRATEGIES["random"].candidates(space, 5, random.Random(0))
    assert [STRATEGIES[n].training_epochs(5, 7) for n in ("random", best.name, halving.name)] == [
        *(35, 35, 33)
    ]


def test_the_masks_reach_every_combination():
    _, drawn = mixings("dropout", 4000)
    seen = {tuple(m[layer].candidates for layer in m) for m in drawn}
    assert len(seen) > 0.99 * len(list(product(range(6), range(6), range(4))))
