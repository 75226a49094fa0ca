import pytest
import torch

from sernas.models.fusions import SupplementedConcatenation
from sernas.models.layers_beside import QUICKLY, LayersBeside
from sernas.training.epoch import adam


@pytest.fixture
def beside():
    """Two vectors over time: of 3 values that are made, and of 2 with 4 behind them."""
    torch.manual_seed(0)
    decision = SupplementedConcatenation(6, 4, 4)
    module = LayersBeside(decision, made=(3, 2), features=(3, 6), statistics=2, n_classes=4)
    torch.nn.init.normal_(module.beside.weight)
    return module


def decisions(module, a, b):
    """Log probabilities by what is made, and by the layers."""
    made = torch.cat([b[:, :2], b[:, 6:8]], 1)
    by_layers = module.beside(torch.cat([b[:, 2:6], b[:, 8:]], 1))
    return module.decision(a, made).log_softmax(1), by_layers.log_softmax(1)


@torch.no_grad()
def test_a_test_takes_the_mean_of_both_decisions(beside):
    a, b = torch.randn(5, 6), torch.randn(5, 12)
    scores = beside.eval()(a, b)
    torch.testing.assert_close(scores, sum(decisions(beside, a, b)) / 2)


@torch.no_grad()
def test_training_asks_one_of_the_two_for_each_segment(beside):
    a, b = torch.randn(400, 6), torch.randn(400, 12)
    scores = beside.train()(a, b)
    by_cells, by_layers = ((scores - each).abs().amax(1) < 1e-6 for each in decisions(beside, a, b))
    assert (by_cells ^ by_layers).all()
    assert 150 < by_cells.sum() < 250


def test_one_decision_learns_nothing_of_the_other(beside):
    """A segment of which the layers decide moves no weight of the cells, and vice versa."""
    a, b = torch.randn(1, 6, requires_grad=True), torch.randn(1, 12, requires_grad=True)
    seen = set()
    for _ in range(20):
        beside.zero_grad(set_to_none=False)
        beside.train()(a, b)[0, 0].backward()
        moved = {
            name: any(p.grad.any() for p in part.parameters() if p.grad is not None)
            for name, part in (("cells", beside.decision), ("layers", beside.beside))
        }
        assert sum(moved.values()) == 1
        seen |= {name for name, is_moved in moved.items() if is_moved}
    assert seen == {"cells", "layers"}


def test_the_layers_begin_with_no_opinion_and_learn_quickly(beside):
    dense = beside.beside
    dense.reset_parameters()
    x = torch.randn(8, dense.in_features)
    assert not dense(x).any()
    step = adam(dense.parameters(), 1e-3)
    dense(x)[:, 0].sum().backward()
    step.step()
    plain = 1e-3 * x.sum(0).sign()  # of Adam's first step
    torch.testing.assert_close(dense.weight[0], -plain, rtol=1e-3, atol=1e-6)
    expected = QUICKLY * x @ dense.weight[0] + dense.bias[0]
    torch.testing.assert_close(dense(x)[:, 0], expected)
