"""The cells against one operation an edge, through whole networks."""

import copy
import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.benchmarking.edge_by_edge import edge_by_edge
from sernas.benchmarking.steps import SEARCH, Size
from sernas.models import build_supernet, build_system
from sernas.search.strategy import STRATEGIES, Moment, everything
from sernas.search.supernet import Supernet
from sernas.space.cells import cell_space

CPU = torch.device("cpu")
DEVICES = ["cpu", "as on cuda"]


@pytest.fixture
def form(request, monkeypatch):
    """The form that cells have on a device, here."""
    for module in ("sernas.operations.separable", "sernas.operations.at_once"):
        monkeypatch.setattr(f"{module}.merges", lambda x: request.param != "cpu")


def outcome(network, x, y, *mixing):
    """The scores, and the gradient of every parameter by name."""
    torch.manual_seed(0)  # of dropout
    scores = network(x, *mixing)
    cross_entropy(scores, y).backward()
    named = network.named_parameters()
    return scores, {name.replace(".cell.", "."): p.grad for name, p in named}


def assert_equal(found, expected, tolerance):
    torch.testing.assert_close(found[0], expected[0], rtol=tolerance, atol=tolerance)
    gradients, wanted = found[1], expected[1]
    assert gradients.keys() == wanted.keys()
    for name, gradient in wanted.items():
        assert (gradients[name] is None) == (gradient is None), name
        if gradient is not None:
            apart = (gradients[name] - gradient).norm()
            assert apart <= tolerance * gradient.norm() + 1e-9, name


@pytest.mark.parametrize("form", DEVICES, indirect=True)
@pytest.mark.parametrize("strategy", ["joint", "sampling", "dropout"])
@pytest.mark.parametrize(
    ("size", "dtype", "tolerance"),
    [
        (Size(16, 3, 24), torch.float64, 1e-8),
        (Size(16, 3, 24), torch.float32, 1e-5),
        (Size(13, 3, 9), torch.float64, 1e-8),  # odd at every reduction
        (Size(13, 3, 9), torch.float32, 1e-5),
    ],
    ids=["even, double", "even, single", "odd, double", "odd, single"],
)
def test_cells_equal_one_operation_an_edge_in_scores_and_every_gradient(
    form, strategy, size, dtype, tolerance
):
    torch.manual_seed(0)
    supernet = Supernet(build_supernet("darts_cnn_c4", n_bins=size.bins)).to(dtype)
    for logits in supernet.logits.values():
        torch.nn.init.normal_(logits, std=0.5)
    twin = edge_by_edge(copy.deepcopy(supernet))
    x, y = size.data(CPU)
    outcomes = []
    for network in (supernet, twin):
        weights = network.weights()
        card, moment, rng = STRATEGIES[strategy], Moment(0, 1, 0, 1), random.Random(3)
        mixing = card.operation_mixing(network.space, weights, moment, SEARCH, rng)
        outcomes.append(outcome(network, x.to(dtype), y, mixing))
    assert_equal(*outcomes, tolerance)
    reached = [name for name, g in outcomes[0][1].items() if g is not None]
    assert any(name.startswith("logits") for name in reached) == (strategy != "sampling")
    assert len(reached) < len(outcomes[0][1]) or strategy == "joint"


@pytest.mark.parametrize("form", DEVICES, indirect=True)
@pytest.mark.parametrize("training", [True, False])
def test_so_do_derived_networks(form, training):
    torch.manual_seed(0)
    architecture = cell_space().draw(random.Random(1))
    network = build_system("darts_cnn_lstm_c4_l1", n_bins=16, architecture=architecture).double()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    network.train(training)
    twin = copy.deepcopy(network)
    edge_by_edge(Supernet(twin))
    x, y = Size(16, 3, 24).data(CPU)
    assert_equal(outcome(network, x.double(), y), outcome(twin, x.double(), y), 1e-8)
    for (name, a), b in zip(network.named_buffers(), twin.buffers(), strict=True):
        torch.testing.assert_close(a, b, msg=name)


@pytest.mark.gpu
def test_on_a_card_they_compute_what_they_compute_on_the_cpu():
    size = Size(13, 3, 9)
    x, y = size.data(CPU)
    torch.manual_seed(0)
    supernet = Supernet(build_supernet("darts_cnn_c4", n_bins=size.bins)).double().eval()
    outcomes = []
    for device in ("cpu", "cuda"):
        network = copy.deepcopy(supernet).to(device)
        found, gradients = outcome(
            network, x.double().to(device), y.to(device), everything(network.weights())
        )
        outcomes.append(
            (found.cpu(), {name: g if g is None else g.cpu() for name, g in gradients.items()})
        )
    assert_equal(*outcomes, 1e-8)
