"""A mixture at the start of a search is as strong as one path, whatever the number of bins."""

import dataclasses
import random
from collections import defaultdict

import pytest
import torch
from search.short import SETTINGS
from torch.nn.functional import avg_pool2d

from sernas.models import build_supernet
from sernas.operations.mixed_layer import MixedBlocks
from sernas.search.signal import of_unit_norm
from sernas.search.strategy import STRATEGIES, Moment
from sernas.search.supernet import Supernet
from sernas.search.updates import Updates
from sernas.settings.training import OptimisationSettings
from sernas.space.mix import Mix

LAYERS = ("conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4", "scores")
BATCH, FRAMES = 3, 24
STARTS = {64: 60, 4096: 30}  # the scores are products, and vary much from start to start


def speech_like(bins):
    """(3, 1, bins, 24): normalised; neighbours in frequency and time are alike."""
    x = avg_pool2d(torch.randn(BATCH, 1, bins + 6, FRAMES + 4), (7, 5), 1)
    return (x - x.mean()) / x.std()


def watch(system, note):
    """Have ``note`` told the name and the output of each mixed layer."""
    cnn, first = system.encoder, system.encoder.first
    (scores,) = (module for module in system.modules() if isinstance(module, MixedBlocks))
    for name, module in [
        ("conv2d_3", cnn.conv2d_3),
        ("conv2d_4", cnn.conv2d_4),
        (LAYERS[-1], scores),
    ]:
        module.register_forward_hook(lambda m, x, y, name=name: note(name, y))

    def both_noted(x, mixing):
        h = first(x, mixing)
        for name, part in zip(LAYERS[:2], h.chunk(2, 1), strict=True):
            note(name, part)
        return h

    cnn.first = both_noted


def measured(system, bins, strategy, mixture):
    """The rms of each layer's output and the norm of the CNN's gradient in a first step: means over
    initial weights, inputs, and what takes part."""
    settings, sizes = dataclasses.replace(SETTINGS, mixture=mixture), defaultdict(list)
    for start in range(STARTS[bins]):
        torch.manual_seed(start)
        supernet = Supernet(build_supernet(system, inputs=((1, bins),), n_classes=4))
        card, rng = STRATEGIES[strategy], random.Random(start)
        updates = Updates(supernet, card, settings, OptimisationSettings(), rng)
        updates.set_rates(0, 0)
        watch(
            supernet.system, lambda name, y: sizes[name].append(y.detach().square().mean().sqrt())
        )
        updates.operations((speech_like(bins), torch.arange(BATCH)), Moment(0, 1, 0, 1))
        gradients = [p.grad for p in supernet.system.encoder.parameters()]
        norm = torch.nn.utils.get_total_norm([g for g in gradients if g is not None])
        sizes["gradient"].append(norm)
    return {name: float(torch.stack(found).mean()) for name, found in sizes.items()}


def ratios(system, bins, mixture):
    """Largest over smallest among joint, dropout and a path."""
    found = [measured(system, bins, name, mixture) for name in ("joint", "dropout", "sampling")]
    assert found[0].keys() == {*LAYERS, "gradient"}
    return {k: max(f[k] for f in found) / min(f[k] for f in found) for k in found[0]}


@pytest.mark.parametrize("bins", [64, 4096])
@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_a_mixture_is_as_strong_as_a_path(system, bins):
    found = ratios(system, bins, "unit")
    gradient = found.pop("gradient")
    assert max(found.values()) < 1.5, found
    assert gradient < 3


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_the_weighted_mean_of_equation_1_fades(system):
    found = ratios(system, 64, "plain")
    assert all(ratio > 2 for ratio in found.values()), found
    assert found["scores"] > 50
    assert found["gradient"] > 50


def test_the_norm_is_of_those_that_take_part_and_has_no_gradient():
    a = torch.tensor([0.6, 0.1, 0.8], requires_grad=True)
    mixing = of_unit_norm({"dense": Mix((0, 2), a), "conv2d_1": Mix((3,))})
    torch.testing.assert_close(mixing["dense"].weights, a)  # 0.6 and 0.8 have norm 1 already
    assert mixing["conv2d_1"] == Mix((3,))
    halved = of_unit_norm({"dense": Mix((0, 2), a / 2)})["dense"]
    torch.testing.assert_close(halved.weights, a)
    (gradient,) = torch.autograd.grad(halved.weights[0], a)
    assert gradient.tolist() == pytest.approx([1, 0, 0])
