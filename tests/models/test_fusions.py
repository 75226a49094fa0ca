import pytest
import torch

from sernas.models.fusions import (
    Concatenation,
    MeanOfDecisions,
    Supplement,
    SupplementedConcatenation,
)


def sigmoid(x):
    return 1 / (1 + 2.718281828459045**-x)


def set_to(layer, rows):
    layer.weight.data = torch.tensor(rows, dtype=torch.float64)


@torch.no_grad()
def test_the_supplement_is_its_formula_on_numbers_worked_out_by_hand():
    """z = (1, -2) and z' = (3,)."""
    module = Supplement(2, 1).double()
    set_to(module.gate, [[1, 0, 1], [0.5, 1, 0.5]])  # W [z; z'] = (1 + 3, 0.5 - 2 + 1.5) = (4, 0)
    set_to(module.project, [[2], [-1]])  # P z' = (6, -3)
    z, other = torch.tensor([[1.0, -2.0]]).double(), torch.tensor([[3.0]]).double()
    found = module(z, other)[0].tolist()
    assert found == pytest.approx([1 + sigmoid(4) * 6, -2 + 0.5 * -3])
    assert sum(p.numel() for p in module.parameters()) == 2 * 3 + 2  # W and P alone


@torch.no_grad()
def test_each_stream_is_supplemented_by_the_other_as_it_was():
    torch.manual_seed(0)
    fusion = SupplementedConcatenation(3, 2, 4)
    a, b = torch.randn(5, 3), torch.randn(5, 2)
    gate_a = torch.sigmoid(torch.cat([a, b], 1) @ fusion.first.gate.weight.T)
    gate_b = torch.sigmoid(torch.cat([b, a], 1) @ fusion.second.gate.weight.T)
    both = torch.cat(
        [
            a + gate_a * (b @ fusion.first.project.weight.T),
            b + gate_b * (a @ fusion.second.project.weight.T),
        ],
        1,
    )
    dense = fusion.concatenation.dense
    torch.testing.assert_close(fusion(a, b), both @ dense.weight.T + dense.bias)


@torch.no_grad()
def test_without_projections_the_supplement_is_concatenation():
    fusion, a, b = SupplementedConcatenation(3, 2, 4), torch.randn(5, 3), torch.randn(5, 2)
    for one in (fusion.first, fusion.second):
        one.project.weight.zero_()
    torch.testing.assert_close(fusion(a, b), fusion.concatenation(a, b))
    assert isinstance(fusion.concatenation, Concatenation)


@torch.no_grad()
def test_the_mean_of_the_decisions_is_that_of_the_probabilities():
    torch.manual_seed(0)
    fusion, a, b = MeanOfDecisions(3, 2, 4), torch.randn(5, 3), torch.randn(5, 2)
    one, other = (dense(z).softmax(1) for dense, z in zip(fusion.dense, (a, b), strict=True))
    scores = fusion(a, b)
    torch.testing.assert_close(scores.softmax(1), (one + other) / 2)
    torch.testing.assert_close(scores.exp().sum(1), torch.ones(5))
    sure = fusion(1e4 * a, 1e4 * b)
    assert sure.isfinite().any(1).all()
    assert not sure.isnan().any()
