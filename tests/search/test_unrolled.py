"""The gradient of second order against automatic differentiation through the step itself."""

from functools import partial

import pytest
import torch
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from sernas.models.build import build_supernet
from sernas.search.replayed import unrounded
from sernas.search.supernet import Supernet
from sernas.search.unrolled import ahead, unrolled_gradients
from sernas.space.mix import Mix

RATE = 0.05


@pytest.fixture
def toy():
    """A mixture of three layers in float64, with data to train and to validate it."""
    torch.manual_seed(0)

    class Toy(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.dropout = torch.nn.Dropout(0.0)
            self.operations = torch.nn.ModuleList(torch.nn.Linear(5, 4) for _ in range(3))
            self.head = torch.nn.Linear(4, 3)
            self.a = torch.nn.Parameter(torch.randn(3))

        def forward(self, x):
            mixture = torch.softmax(self.a, 0)
            mixed = sum(m * torch.tanh(f(x)) for m, f in zip(mixture, self.operations, strict=True))
            return self.head(self.dropout(mixed))

    network = Toy().double()
    data = [(torch.randn(16, 5).double(), torch.randint(3, (16,))) for _ in range(2)]
    return network, *data


def parts(network):
    weights = {n: p for n, p in network.named_parameters() if n != "a"}
    return weights, torch.optim.SGD(weights.values(), RATE, momentum=0.9, weight_decay=3e-4)


def loss_of(network, batch, parameters=None):
    x, y = batch
    found = functional_call(network, parameters, (x,)) if parameters else network(x)
    return cross_entropy(found, y)


def by_autograd(network, train, validate, weights, optimizer):
    """The step is taken on the graph, and differentiated."""
    gradients = torch.autograd.grad(loss_of(network, train), weights.values(), create_graph=True)
    moved = {}
    for (name, w), gradient in zip(weights.items(), gradients, strict=True):
        velocity = optimizer.state[w].get("momentum_buffer", 0) if w in optimizer.state else 0
        moved[name] = w - RATE * (gradient + 3e-4 * w + 0.9 * velocity)
    loss = loss_of(network, validate, {**moved, "a": network.a})
    return torch.autograd.grad(loss, network.a)[0]


def unrolled(network, train, validate, weights, optimizer, rate=RATE, small=0.01):
    return unrolled_gradients(
        partial(loss_of, network, validate),
        partial(loss_of, network, train),
        [network.a],
        list(weights.values()),
        partial(ahead, optimizer, list(weights.values())),
        rate,
        small,
    )[0]


@pytest.mark.parametrize("steps_before", [0, 3])
def test_it_is_that_of_automatic_differentiation(toy, steps_before):
    network, train, validate = toy
    weights, optimizer = parts(network)
    for _ in range(steps_before):  # they build up momentum
        optimizer.zero_grad()
        loss_of(network, train).backward()
        optimizer.step()
    exact = by_autograd(network, train, validate, weights, optimizer)
    before = {n: w.detach().clone() for n, w in network.named_parameters()}

    def error(small):
        found = unrolled(network, train, validate, weights, optimizer, small=small)
        return float((found - exact).norm() / exact.norm())

    first = torch.autograd.grad(loss_of(network, validate), network.a)[0]
    print(f"relative errors: {error(0.01):.1e} (R of the paper), {error(0.001):.1e}")
    assert error(0.01) < 1e-5
    # central differences: a tenth of R, a hundredth of the error
    assert error(0.001) < error(0.01) / 50
    assert float((first - exact).norm() / exact.norm()) > 1e-2  # the first order is another thing
    for name, w in network.named_parameters():
        assert torch.equal(w, before[name])
        assert w.grad is None or steps_before


def test_with_dropout_it_is_that_of_the_step_under_the_same_masks(toy):
    network, train, validate = toy
    network.dropout.p = 0.3
    weights, optimizer = parts(network)
    torch.manual_seed(5)
    exact = by_autograd(network, train, validate, weights, optimizer)
    after = torch.rand(1)
    found = []
    for _ in range(2):
        torch.manual_seed(5)
        found.append(unrolled(network, train, validate, weights, optimizer))
    assert torch.equal(torch.rand(1), after)  # as many numbers as of both losses once
    assert float((found[0] - exact).norm() / exact.norm()) < 1e-5
    torch.testing.assert_close(found[1], found[0], rtol=1e-5, atol=0)


def test_the_cells_of_darts_under_dropout():
    """The difference of two masks would grow a hundredfold with a hundredth of R. (What autograd
    says of the second derivative is not to be had: their convolutions have gradients of their own.)
    """
    torch.manual_seed(0)
    network = Supernet(build_supernet("darts_cnn_c4", n_bins=32)).double().train()
    logits, weights = list(network.logits.values()), list(network.system.parameters())
    batches = [(torch.randn(4, 1, 32, 16).double(), torch.randint(4, (4,))) for _ in range(2)]

    def loss(batch):
        mixing = {k: Mix(tuple(range(len(w))), w) for k, w in network.weights().items()}
        return cross_entropy(network(batch[0], mixing), batch[1])

    def gradients(small):
        torch.manual_seed(1)
        step = partial(ahead, torch.optim.SGD(weights, 0.025), weights)
        validation, training = (partial(loss, batch) for batch in batches)
        return torch.cat(
            unrolled_gradients(validation, training, logits, weights, step, 0.025, small)
        )

    assert float(gradients(0.0001).norm() / gradients(0.01).norm()) < 10


def test_products_are_exact_in_between():
    torch.backends.cuda.matmul.allow_tf32 = True
    try:
        with unrounded():
            assert not torch.backends.cuda.matmul.allow_tf32
            assert not torch.backends.cudnn.allow_tf32
        assert torch.backends.cuda.matmul.allow_tf32
    finally:
        torch.backends.cuda.matmul.allow_tf32 = False


def test_at_a_rate_of_zero_it_is_the_first_order(toy):
    network, train, validate = toy
    weights, optimizer = parts(network)
    found = unrolled(network, train, validate, weights, optimizer, rate=0.0)
    first = torch.autograd.grad(loss_of(network, validate), network.a)[0]
    torch.testing.assert_close(found, first, rtol=1e-12, atol=0)


def test_weights_that_take_no_part_are_left_alone(toy):
    network, train, validate = toy
    weights, optimizer = parts(network)
    idle = torch.nn.Parameter(torch.ones(2).double())
    optimizer.param_groups[0]["params"].append(idle)
    found = unrolled(network, train, validate, {**weights, "idle": idle}, optimizer)
    assert found.isfinite().all()
    assert torch.equal(idle, torch.ones(2).double())
