"""The example of operations of one's own, and those of cells, in the space of Wu et al. 2022."""

import copy
import random
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from sernas.base.plugins import load_plugins, module_name
from sernas.benchmarking.branches import branched
from sernas.benchmarking.steps import SEARCH
from sernas.models import build_supernet, build_system
from sernas.operations.registry import OPERATIONS, check_candidates
from sernas.search.strategy import STRATEGIES, Moment
from sernas.search.supernet import Supernet
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space
from sernas.training.epoch import adam, descend

EXAMPLE = Path(__file__).parents[2] / "examples/operation.py"
CANDIDATES = {
    "conv2d_3": ("5x5", "4x4", "dilated_3x3", "average_3x3"),
    "conv2d_4": ("max_pool_3x3", "sep_conv_3x3", "6x4", "skip_connect", "avg_pool_3x3"),
}


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """With the example's operations, which go again after each test."""
    monkeypatch.setattr(OPERATIONS, "_cards", dict(OPERATIONS.items()))
    monkeypatch.setattr(OPERATIONS, "_sources", dict(OPERATIONS._sources))
    new = module_name(EXAMPLE) not in sys.modules
    load_plugins([str(EXAMPLE)])
    yield SpaceSettings(candidates=CANDIDATES)
    if new:
        del sys.modules[module_name(EXAMPLE)]


def test_it_is_short_and_its_operations_are_known(settings):
    assert len(EXAMPLE.read_text().splitlines()) < 60
    assert OPERATIONS.source("dilated_3x3") == EXAMPLE
    check_candidates(search_space("cnn_seqcap"), settings.candidates)
    space = search_space("cnn_seqcap", settings)
    assert {layer: space[layer].candidates for layer in CANDIDATES} == CANDIDATES
    assert space.size == 6 * 6 * 4 * 5 * 4


@pytest.mark.parametrize("name", ["dilated_3x3", "average_3x3"])
def test_an_operation_of_a_cell_in_a_network_of_cells(name):
    """A plain network of cells that holds it learns."""
    of_cells = SpaceSettings(candidates={"normal": ("none", name)})
    space = search_space("darts_cnn_c4", of_cells)
    architecture = space.draw(random.Random(0))
    assert list(architecture.values()).count(name) == 8
    network = build_system("darts_cnn_c4", n_bins=16, architecture=architecture, settings=of_cells)
    scores = network(torch.randn(2, 1, 16, 12))
    scores.square().sum().backward()
    assert all(p.grad.isfinite().all() for p in network.parameters())


def test_a_step_a_derived_architecture_and_its_plain_network(settings):
    torch.manual_seed(0)
    supernet = Supernet(build_supernet("cnn_seqcap", n_bins=32, settings=settings))
    x, y = torch.randn(3, 1, 32, 48), torch.tensor([0, 1, 2])
    optimizer = adam(supernet.parameters(), 1e-3)
    before = {name: p.clone() for name, p in supernet.named_parameters()}
    mixing = STRATEGIES["joint"].operation_mixing(
        supernet.space, supernet.weights(), Moment(0, 1, 0, 1), SEARCH, random.Random(0)
    )
    descend(F.cross_entropy(supernet(x, mixing), y), optimizer)
    moved = [name for name, p in supernet.named_parameters() if not torch.equal(p, before[name])]
    assert "system.encoder.conv2d_3.operations.dilated_3x3.module.weight" in moved
    assert {"logits.conv2d_3", "logits.conv2d_4"} <= set(moved)
    with torch.no_grad():
        supernet.logits["conv2d_3"][3] += 1
        supernet.logits["conv2d_4"][1] += 1
    derived = supernet.derive()
    assert derived["conv2d_3"] == "average_3x3"
    assert derived["conv2d_4"] == "sep_conv_3x3"
    plain = build_system("cnn_seqcap", n_bins=32, architecture=derived, settings=settings)
    assert not list(plain.encoder.conv2d_3.parameters())
    assert plain(x).isfinite().all()
    # what the path of the supernet computes, the plain network computes from the same weights
    inherited, path = plain.state_dict(), supernet.path(derived)
    own = supernet.system.state_dict()
    at = {
        layer: supernet.system.space[layer].candidates.index(name)
        for layer, name in derived.items()
    }
    for name in inherited:
        layer = name.split(".")[1] if name.startswith("encoder") else name.split(".")[0]
        in_list = any(f".{part}.0" in name for part in ("weights", "biases", "blocks"))
        source = name.replace(".0", f".{at[layer]}", 1) if in_list and layer in at else name
        inherited[name] = own[source]
    plain.load_state_dict(inherited)
    torch.testing.assert_close(plain(x), supernet(x, path))


@pytest.mark.parametrize("strategy", ["joint", "sampling", "dropout"])
def test_the_supernet_is_that_of_every_candidate_by_itself(settings, strategy):
    torch.manual_seed(0)
    supernet = Supernet(build_supernet("cnn_seqcap", n_bins=35, settings=settings)).double()
    for parameter in supernet.parameters():
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter, std=0.5)
    twin = branched(copy.deepcopy(supernet))
    x, results = torch.randn(2, 1, 35, 50).double(), []
    for network in (supernet, twin):
        mixing = STRATEGIES[strategy].operation_mixing(
            network.space, network.weights(), Moment(0, 1, 0, 1), SEARCH, random.Random(5)
        )
        scores = network(x, mixing)
        scores.pow(3).sum().backward()
        results.append((scores, {name: p.grad for name, p in network.named_parameters()}))
    (found, gradients), (expected, wanted) = results
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)
    assert gradients.keys() == wanted.keys()
    for name, gradient in wanted.items():
        if gradient is None:
            assert gradients[name] is None, name
        else:
            torch.testing.assert_close(gradients[name], gradient, rtol=1e-10, atol=1e-10, msg=name)
