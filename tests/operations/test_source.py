import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sernas.operations.source import Source

SIZES = [(8, 6), (7, 9), (8, 5), (1, 1), (1, 4), (2, 3)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [3, 5])
def test_dilated_taps_are_two_positions_apart(kernel, stride, size):
    torch.manual_seed(0)
    x = torch.randn(3, 4, *size, requires_grad=True)
    weight = torch.randn(4, 1, kernel, kernel, requires_grad=True)
    expected = F.conv2d(F.relu(x), weight, None, stride, 2 * (kernel // 2), 2, 4)
    found = Source(x).dilated(weight, stride)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    gradient = torch.randn_like(expected)
    for a, b in zip(
        torch.autograd.grad(found, (x, weight), gradient),
        torch.autograd.grad(expected, (x, weight), gradient),
        strict=True,
    ):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_other_position(size):
    source = Source(torch.randn(2, 3, *size))
    h = F.pad(F.relu(source.x), (0, size[1] % 2, 0, size[0] % 2))
    assert torch.equal(source.even, h[:, :, 0::2, 0::2])
    assert torch.equal(source.odd, h[:, :, 1::2, 1::2])


def test_what_edges_share_is_computed_once():
    """Pooling and its norm, unless the norm has a scale of the edge's own."""
    calls = []

    def pooling(x, *window):
        calls.append(window)
        return F.max_pool2d(x, *window)

    source, plain = Source(torch.randn(2, 3, 8, 6)), nn.BatchNorm2d(3)
    shared = [nn.BatchNorm2d(3, affine=False, track_running_stats=False) for _ in range(2)]
    pooled = [source.pooled(pooling, 1, norm) for norm in (*shared, plain)]
    assert pooled[0] is pooled[1]
    torch.testing.assert_close(pooled[2], pooled[0])
    assert pooled[2] is not pooled[0]
    assert source.pooled(pooling, 2, shared[0]).shape == (2, 3, 4, 3)
    assert calls == [(3, 1, 1), (3, 2, 1)]
    assert source.rectified is source.rectified
    assert source.phases is source.phases
