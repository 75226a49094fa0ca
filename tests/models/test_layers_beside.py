import pytest
import torch
from random_inputs import sizes_of, x_of
from torch import nn

from sernas.models import build_system
from sernas.models.fusions import SupplementedConcatenation
from sernas.models.layers_beside import QUICKLY, LayersBeside
from sernas.models.mean_over_time import OverTime
from sernas.settings.space import SpaceSettings
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


class Doubled(nn.Module):
    """Steps of two values that are made, and of the layers behind them if there are any."""

    made = 2

    def __init__(self, layers):
        super().__init__()
        self.features, self.seen = 2 + layers, []

    def layers(self, x):
        return x.flatten(1, 2).transpose(1, 2)

    def forward(self, x, mixing):
        self.seen.append(len(x))
        steps = self.layers(x)
        return torch.cat([2 * steps[..., :2], steps], 2) if self.features > 2 else 2 * steps


@pytest.fixture
def in_training():
    """(segments -> scores, both decisions, encoders) of two streams."""
    torch.manual_seed(0)
    encoders, over_time = [Doubled(0), Doubled(4)], OverTime(deviation=True)
    module = LayersBeside(SupplementedConcatenation(4, 4, 4), (2, 2), (2, 6), 2, 4)
    nn.init.normal_(module.beside.weight)

    def decide(x):
        vectors = [over_time(encoder(part, {})) for encoder, part in zip(encoders, x, strict=True)]
        made = [vectors[0], torch.cat([vectors[1][:, :2], vectors[1][:, 6:8]], 1)]
        by_layers = module.beside(over_time(encoders[1].layers(x[1])))
        return module.decision(*made).log_softmax(1), by_layers.log_softmax(1)

    return lambda x: module.in_training(encoders, x, over_time, {}), decide, module, encoders


def segments(number):
    return torch.randn(number, 1, 2, 5), torch.randn(number, 2, 2, 5)


@torch.no_grad()
def test_in_training_half_of_a_batch_asks_the_cells_and_half_the_layers(in_training):
    scores_of, decide, _, encoders = in_training
    x, asked = segments(7), torch.zeros(7)
    each = decide(x)
    for encoder in encoders:
        encoder.seen.clear()
    for _ in range(40):
        scores = scores_of(x)
        by_cells, by_layers = ((scores - s).abs().amax(1) < 1e-5 for s in each)
        assert (by_cells ^ by_layers).all()
        assert by_cells.sum() == 4
        asked += by_cells
    assert {seen for encoder in encoders for seen in encoder.seen} == {4}  # no cell sees the others
    assert asked.min() > 8
    assert asked.max() < 36


def test_one_decision_learns_nothing_of_the_other(in_training):
    """A segment of which the layers decide moves no weight of the cells, and vice versa."""
    scores_of, _, module, _ = in_training
    seen = set()
    for _ in range(20):
        module.zero_grad(set_to_none=False)
        scores_of(segments(2))[0, 0].backward()
        moved = {
            name: any(p.grad.any() for p in part.parameters() if p.grad is not None)
            for name, part in (("cells", module.decision), ("layers", module.beside))
        }
        assert sum(moved.values()) == 1
        seen |= {name for name, is_moved in moved.items() if is_moved}
    assert seen == {"cells", "layers"}


@pytest.mark.parametrize("name", ["deep", "two_stream_supplement"])
def test_systems_of_all_layers_train_so_and_score_by_both(name):
    torch.manual_seed(0)
    system = build_system(name, inputs=sizes_of(name), settings=SpaceSettings(layers="all"))
    x, seen = x_of(name, 6, 40), []
    cells = system.encoders if name != "deep" else [system.encoder]
    for encoder in cells:
        encoder.register_forward_pre_hook(lambda module, args: seen.append(len(args[0])))
    assert system.train()(x).shape == (6, 4)
    assert set(seen) == {3}
    seen.clear()
    assert system.eval()(x).shape == (6, 4)
    assert set(seen) == {6}


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
