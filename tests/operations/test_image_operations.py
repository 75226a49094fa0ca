import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sernas.operations.image_operations import (
    FactorisedReduction,
    Separable,
    SepConv,
)
from sernas.operations.norms import Norm, batch_norm
from sernas.operations.registry import OPERATIONS
from sernas.operations.source import Source
from sernas.space import cells

PLAIN, SEARCHED = batch_norm(supernet=False), batch_norm(supernet=True)


class NoNorm(nn.Identity):
    def forward(self, x, weight=None):
        return x


NAMES = [name for name in cells.OF_IMAGES if name != "none"]
SIZES = [(8, 6), (7, 9), (8, 5), (1, 1), (1, 4), (2, 3)]


def test_every_operation_of_the_space_but_none_can_be_built():
    assert set(cells.OF_IMAGES) - {"none"} <= set(OPERATIONS)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_the_output_has_ceil_of_size_by_stride(name, stride, size):
    torch.manual_seed(0)
    operation = OPERATIONS[name].build(4, stride, PLAIN)
    x = torch.randn(3, 4, *size, requires_grad=True)
    out = operation(Source(x))
    assert out.shape == (3, 4, -(-size[0] // stride), -(-size[1] // stride))
    out.square().sum().backward()
    assert out.isfinite().all()
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("size", [(8, 6), (7, 9), (8, 5)], ids=str)
def test_a_factorised_reduction_takes_half_the_channels_from_the_positions_between(size):
    torch.manual_seed(0)
    reduction = FactorisedReduction(4, 6, NoNorm)
    x = torch.randn(2, 4, *size)
    out = reduction(Source(x))
    h = F.pad(F.relu(x), (0, 2, 0, 2))  # zeros where there is no position between
    rows, columns = out.shape[2:]
    even = h[:, :, 0::2, 0::2][:, :, :rows, :columns]
    odd = h[:, :, 1::2, 1::2][:, :, :rows, :columns]
    w_even, w_odd = reduction.even.weight[:, :, 0, 0], reduction.odd.weight[:, :, 0, 0]
    torch.testing.assert_close(out[:, :3], torch.einsum("oc,bcft->boft", w_even, even))
    torch.testing.assert_close(out[:, 3:], torch.einsum("oc,bcft->boft", w_odd, odd))


def test_a_separable_convolution_is_applied_twice_and_a_dilated_one_once():
    def forms(name):
        made = OPERATIONS[name].build(4, 2, PLAIN)
        return [
            (m.kernel_size[0], m.stride[0], m.dilation[0], m.groups)
            for m in made.modules()
            if isinstance(m, nn.Conv2d)
        ]

    across = (1, 1, 1, 1)
    assert forms("sep_conv_3x3") == [(3, 2, 1, 4), across, (3, 1, 1, 4), across]
    assert forms("sep_conv_5x5") == [(5, 2, 1, 4), across, (5, 1, 1, 4), across]
    assert forms("dil_conv_3x3") == [(3, 2, 2, 4), across]
    assert forms("dil_conv_5x5") == [(5, 2, 2, 4), across]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("name", ["sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"])
def test_a_separable_convolution_is_relu_convolutions_and_batch_norm(name, stride, size):
    torch.manual_seed(0)
    operation = OPERATIONS[name].build(4, stride, SEARCHED)
    x = torch.randn(3, 4, *size)
    parts = [operation.first, operation.second] if isinstance(operation, SepConv) else [operation]
    expected = x
    for part in parts:
        assert isinstance(part, Separable)
        h = F.conv2d(part.depthwise(F.relu(expected)), part.pointwise.weight)
        expected = F.batch_norm(h, None, None, training=True)
    torch.testing.assert_close(operation(Source(x)), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("norm", [PLAIN, SEARCHED], ids=["plain", "searched"])
def test_the_weight_of_an_operation_is_that_of_its_output(norm):
    torch.manual_seed(0)
    weight = torch.tensor(0.3, requires_grad=True)
    for name in NAMES:
        operation, x = OPERATIONS[name].build(4, 2, norm), torch.randn(3, 4, 8, 6)
        found = operation(Source(x), weight)
        expected = weight * operation(Source(x))
        torch.testing.assert_close(found, expected, msg=name)
        outer = torch.randn_like(found)
        by_weight = [torch.autograd.grad((h * outer).sum(), weight)[0] for h in (found, expected)]
        torch.testing.assert_close(*by_weight, rtol=1e-4, atol=1e-4)


def test_zeros_at_the_edges_do_not_count_in_an_average():
    mean = OPERATIONS["avg_pool_3x3"].build(1, 1, SEARCHED).pooling
    torch.testing.assert_close(mean(torch.ones(1, 1, 4, 5), 3, 1, 1), torch.ones(1, 1, 4, 5))


@pytest.mark.parametrize("name", NAMES)
def test_batch_norm_has_no_parameters_and_no_running_statistics_in_a_supernet(name):
    for norm, holds in ((SEARCHED, False), (PLAIN, True)):
        norms = [m for m in OPERATIONS[name].build(4, 2, norm).modules() if isinstance(m, Norm)]
        assert norms
        assert all((m.weight is not None) == (m.running_mean is not None) == holds for m in norms)


def test_a_skip_of_stride_1_is_the_input():
    x = torch.randn(1, 4, 3, 3)
    assert OPERATIONS["skip_connect"].build(4, 1, PLAIN)(Source(x)) is x
