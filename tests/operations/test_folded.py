import pytest
import torch
import torch.nn.functional as F

from sernas.operations.folded import Folded, conv2d_folded, conv2d_folding, folded, pays
from sernas.operations.folded_pools import pooled
from sernas.operations.kernels import conv2d_same
from sernas.space.kernels import kernel
from sernas.space.table1 import CONV2D_1, CONV2D_34

FIRST = sorted({shape for label in CONV2D_1 for shape in (kernel(label), kernel(label)[::-1])})
OTHERS = [*map(kernel, CONV2D_34), (6, 6), (10, 10), (1, 1)]


def case(kernel, inputs, batch, size):
    generator = torch.Generator().manual_seed(0)
    shapes = (batch, inputs, *size), (3, inputs, *kernel), (3,)
    return [torch.randn(s, generator=generator).double().requires_grad_() for s in shapes]


def assert_same(found, expected, inputs, tolerance=1e-10):
    gradient = torch.randn_like(expected)
    for result in zip(
        (found, *torch.autograd.grad(found, inputs, gradient)),
        (expected, *torch.autograd.grad(expected, inputs, gradient)),
        strict=True,
    ):
        torch.testing.assert_close(*result, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("batch", "size"), [(1, (32, 12)), (3, (19, 11)), (1, (5, 6))], ids=str)
@pytest.mark.parametrize("fold", [2, 4, 8, 16])
@pytest.mark.parametrize("kernel", [*FIRST, *OTHERS], ids=str)
def test_output_and_every_gradient_are_those_of_the_plain_form(kernel, fold, batch, size):
    for inputs in (1, 2):
        tensors = x, weight, bias = case(kernel, inputs, batch, size)
        for found in (conv2d_folding(*tensors, fold), conv2d_folded(folded(x, fold), weight, bias)):
            assert_same(found.unfolded(), conv2d_same(*tensors), tensors)


@pytest.mark.parametrize("size", [(64, 12), (37, 11), (16, 2), (31, 5)], ids=str)
@pytest.mark.parametrize("window", [(2, 1), (2, 2), (8, 2), (1, 1)], ids=str)
@pytest.mark.parametrize("before", [1, 2, 4, 16])
@pytest.mark.parametrize("after", [1, 2, 8])
def test_a_pool_is_that_of_torch_and_zero_behind_its_rows(before, after, window, size):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2, 3, *size, generator=generator).double().requires_grad_()
    h = folded(x, before)
    h = Folded(h.x + 1e9 * (h.x == 0), before, h.rows)  # behind a convolution's rows is anything
    y = pooled(h, *window, after)
    assert_same(y.unfolded(), F.relu(F.max_pool2d(x, window)), [x])
    whole = Folded(y.x, y.fold, y.x.shape[2] * y.fold).unfolded()
    assert not whole[:, :, y.rows :].any()


def test_of_several_alike_each_has_a_share():
    x = torch.ones(1, 1, 4, 2, requires_grad=True)
    pooled(folded(x, 2), 4, 2, 1).x.sum().backward()
    assert torch.equal(x.grad, torch.full((1, 1, 4, 2), 1 / 8))


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_folded_lies_in_memory_channels_last(channels):
    h = folded(torch.randn(2, channels, 16, 6), 4)
    for result in (h, pooled(h, 2, 2, 2), pooled(h, 2, 1, 8)):
        assert result.x.is_contiguous(memory_format=torch.channels_last)
        assert not result.x.is_contiguous()


def test_it_is_taken_on_a_gpu_where_there_is_much_to_do():
    assert not pays(torch.empty(16, 1, 4096, 200))
    assert not pays(torch.empty(16, 1, 4096, 200, device="meta"))


@pytest.mark.gpu
def test_a_gpu_computes_what_the_plain_form_does():
    assert pays(torch.empty(16, 1, 4096, 200, device="cuda"))
    assert not pays(torch.empty(16, 1, 64, 200, device="cuda"))
    generator = torch.Generator().manual_seed(0)
    shapes = (2, 16, 64, 50), (16, 16, 5, 4), (16,)
    tensors = [torch.randn(s, generator=generator).cuda().requires_grad_() for s in shapes]
    with torch.backends.cudnn.flags(allow_tf32=False):
        found = conv2d_folded(folded(tensors[0], 4), *tensors[1:]).unfolded()
        expected = conv2d_same(*tensors)
        assert_same(found, expected, tensors, 1e-3)
