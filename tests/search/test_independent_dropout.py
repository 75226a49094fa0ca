import dataclasses
import random

import pytest
import torch
from search.short import SETTINGS
from torch.nn.functional import cross_entropy

from sernas.base.errors import SettingsError
from sernas.models.build import build_supernet
from sernas.search.signal import of_unit_norm
from sernas.search.strategy import STRATEGIES, Moment
from sernas.search.supernet import Supernet
from sernas.space.mix import Mix

LAYERS = {"conv2d_1": 6, "conv2d_3": 6, "dense": 4}


def mixings(name, n, masked=1):
    """What ``n`` steps take of layers whose weights are even."""
    settings, rng = dataclasses.replace(SETTINGS, masked=masked), random.Random(0)
    a = {layer: torch.full((size,), 1 / size) for layer, size in LAYERS.items()}
    mixing, moment = STRATEGIES[name].operation_mixing, Moment(0, 1, 0, 1)
    return [mixing(None, a, moment, settings, rng) for _ in range(n)]


@pytest.mark.parametrize("masked", [1, 2, 3])
def test_as_many_are_masked_on_average_each_independently(masked):
    n = 4000
    drawn = mixings("independent_dropout", n, masked)
    for layer, size in LAYERS.items():
        kept = torch.zeros(n, size)
        for step, mixing in enumerate(drawn):
            kept[step, list(mixing[layer].candidates)] = 1
        share = 1 - masked / size
        torch.testing.assert_close(kept.mean(0), torch.full((size,), share), rtol=0, atol=0.035)
        correlations = torch.corrcoef(kept.T) - torch.eye(size)
        assert correlations.abs().max() < 0.08  # with a constant number masked -1 / (N - 1)
        total = torch.stack([m[layer].weights[list(m[layer].candidates)].sum() for m in drawn])
        assert float(total.mean()) == pytest.approx(1, abs=0.05)


def test_a_layer_may_lose_all_the_sooner_the_more_are_masked():
    shares = []
    for masked in (1, 2, 3):
        drawn = mixings("independent_dropout", 4000, masked)
        shares.append(sum(not m["dense"].candidates for m in drawn) / 4000)
        assert shares[-1] == pytest.approx((masked / 4) ** 4, abs=0.025)
    assert shares[0] < shares[1] < shares[2]
    assert all(m["dense"].candidates for m in mixings("dropout", 400, 3))


def test_it_cannot_mask_everything_as_a_rule():
    with pytest.raises(SettingsError, match="dense has only 4 candidates; at most 3"):
        mixings("independent_dropout", 1, 4)


def test_the_scale_of_a_layer_is_less_stable_than_with_a_constant_number():
    """As Wu et al. 2022 report: by the same weights a layer's rms varies more from step to step,
    unless ``search.mixture: unit`` takes the number of candidates out of it."""
    torch.manual_seed(0)
    supernet = Supernet(build_supernet("cnn_seqcap", n_bins=32)).eval()
    layer, x = supernet.system.encoder.conv2d_3, torch.randn(2, 16, 16, 20)
    weights = {"conv2d_3": supernet.weights()["conv2d_3"].detach()}

    def deviation(name, of):
        mixing, rng, rms = STRATEGIES[name].operation_mixing, random.Random(0), []
        for _ in range(300):
            mixed = of(mixing(None, weights, Moment(0, 1, 0, 1), SETTINGS, rng))["conv2d_3"]
            with torch.no_grad():
                rms.append(layer(x, mixed).square().mean().sqrt())
        return torch.stack(rms).std().item() / torch.stack(rms).mean().item()

    plain, unit = (
        [deviation(name, of) for name in ("dropout", "independent_dropout")]
        for of in (dict, of_unit_norm)
    )
    assert plain[1] > 1.8 * plain[0]
    assert unit[1] < 1.3 * unit[0]


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap", "darts_cnn_c4"])
def test_a_network_of_which_nothing_takes_part_has_a_loss_and_a_gradient(system):
    supernet = Supernet(build_supernet(system, n_bins=32))
    nothing = {layer: Mix((), a.detach()) for layer, a in supernet.weights().items()}
    loss = cross_entropy(supernet(torch.randn(2, 1, 32, 60), nothing), torch.tensor([0, 1]))
    loss.backward()
    assert loss.isfinite()
    got = {name for name, p in supernet.named_parameters() if p.grad is not None}
    assert got
    layers = [f".{layer}." for layer in supernet.space.layers]
    assert not [name for name in got if any(layer in f".{name}." for layer in layers)]
    if system != "darts_cnn_c4":  # whose last layer is not searched
        assert loss.item() == pytest.approx(torch.tensor(4.0).log().item())
