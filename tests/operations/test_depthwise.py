import pytest
import torch
import torch.nn.functional as F

from sernas.operations.depthwise import depthwise

SIZES = [(16, 12), (7, 9), (8, 5), (1, 1), (1, 4), (2, 3)]


@pytest.mark.parametrize("last", [True, False], ids=["channels_last", "channels_first"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [3, 5])
def test_it_is_pytorchs_convolution_and_so_are_its_gradients(kernel, stride, size, last):
    torch.manual_seed(0)
    x = torch.randn(3, 4, *size)
    x = x.contiguous(memory_format=torch.channels_last) if last else x
    weight = torch.randn(4, 1, kernel, kernel, requires_grad=True)
    x.requires_grad_()
    expected = F.conv2d(x, weight, None, stride, kernel // 2, groups=4)
    found = depthwise(x, weight, stride)
    assert torch.equal(found, expected)
    gradient = torch.randn_like(expected)
    by_x, by_weight = torch.autograd.grad(found, (x, weight), gradient)
    theirs = torch.autograd.grad(expected, (x, weight), gradient)
    torch.testing.assert_close(by_x, theirs[0], rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(by_weight, theirs[1], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("x_wants", "weight_wants"), [(True, False), (False, True)])
def test_what_wants_no_gradient_gets_none(x_wants, weight_wants):
    x = torch.randn(2, 4, 8, 8, requires_grad=x_wants)
    weight = torch.randn(4, 1, 5, 5, requires_grad=weight_wants)
    depthwise(x, weight).sum().backward()
    assert (x.grad is not None, weight.grad is not None) == (x_wants, weight_wants)


def test_autocast_rounds_it_as_it_does_other_convolutions():
    x, weight = torch.randn(2, 4, 8, 8), torch.randn(4, 1, 5, 5, requires_grad=True)
    with torch.autocast("cpu", torch.bfloat16):
        out = depthwise(x, weight)
    assert out.dtype == torch.bfloat16
    out.sum().backward()
    assert weight.grad.dtype == torch.float32
