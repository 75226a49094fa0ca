"""Dropout by bits is dropout."""

import pytest
import torch

from sernas.operations.dropout import Dropout


@pytest.mark.parametrize("share", [0.3, 0.5])
@pytest.mark.parametrize("layout", ["contiguous", "last", "view"])
def test_it_drops_its_share_and_keeps_the_mean(share, layout):
    torch.manual_seed(0)
    x = torch.rand(8, 16, 65, 51) + 1
    x = {
        "contiguous": x,
        "last": x.contiguous(memory_format=torch.channels_last),
        "view": x[:, ::2, 1:].transpose(2, 3),
    }[layout].requires_grad_()
    y = Dropout(share)(x)
    kept = y != 0
    assert 1 - kept.float().mean() == pytest.approx(share, abs=0.005)
    torch.testing.assert_close(y[kept], x[kept] / (1 - share))
    y.sum().backward()
    torch.testing.assert_close(x.grad, kept / (1 - share))


def test_values_drop_out_one_by_one():
    torch.manual_seed(0)
    kept = (Dropout(0.3)(torch.ones(4096, 32)) != 0).double()
    near = torch.corrcoef(kept.T) - torch.eye(32)
    assert near.abs().max() < 0.08  # five deviations, of 4096 draws
    assert ((kept.mean(0) - 0.7).abs() < 0.04).all()


def test_a_seed_gives_the_same_and_a_test_drops_nothing():
    x, dropout = torch.rand(3, 5, 7, 3), Dropout(0.5)
    drawn = []
    for _ in range(2):
        torch.manual_seed(1)
        drawn.append(dropout(x))
    assert torch.equal(*drawn)
    assert not torch.equal(drawn[0], dropout(x))
    assert dropout.eval()(x) is x
