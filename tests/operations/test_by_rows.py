import pytest
import torch
import torch.nn.functional as F

from sernas.operations import by_rows
from sernas.operations.by_rows import conv2d_by_rows, pays
from sernas.operations.kernels import conv2d_same


def case(kernel, size, dtype=torch.float64, batch=2):
    torch.manual_seed(0)
    x = torch.randn(batch, 16, *size, dtype=dtype).to(memory_format=torch.channels_last)
    weight, bias = torch.randn(16, 16, *kernel, dtype=dtype), torch.randn(16, dtype=dtype)
    return [tensor.requires_grad_() for tensor in (x, weight, bias)]


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("size", [(8, 9), (9, 8), (1, 3), (2, 1)])
@pytest.mark.parametrize("kernel", [(6, 6), (6, 5), (6, 4), (4, 6), (2, 1)])
def test_output_and_every_gradient_equal_those_of_torch(kernel, size):
    inputs = case(kernel, size)
    found, expected = conv2d_by_rows(*inputs), F.conv2d(*inputs, padding="same")
    gradient = torch.randn_like(expected)
    for result in zip(
        (found, *torch.autograd.grad(found, inputs, gradient)),
        (expected, *torch.autograd.grad(expected, inputs, gradient)),
        strict=True,
    ):
        torch.testing.assert_close(*result, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("frozen", [[0], [1], [0, 1, 2]])
def test_what_is_frozen_gets_no_gradient(frozen):
    inputs = case((6, 6), (8, 8))
    for i in frozen:
        inputs[i].requires_grad_(False)
    out = conv2d_by_rows(*inputs)
    assert out.requires_grad == (len(frozen) < 3)
    if out.requires_grad:
        out.sum().backward()
    assert [tensor.grad is None for tensor in inputs] == [i in frozen for i in range(3)]


def test_it_is_taken_where_it_pays(monkeypatch):
    x, weight, bias = case((6, 6), (64, 64), torch.float32)
    taken = []
    monkeypatch.setattr(
        by_rows._ByRows, "apply", lambda *a: taken.append(a) or torch.zeros(a[0].shape)
    )
    conv2d_same(x, weight, bias)
    assert len(taken) == 1
    conv2d_same(x[:, :, :32], weight, bias)  # too small
    conv2d_same(x, weight[..., :5, :], bias)  # an odd number of rows
    conv2d_same(x, weight, bias, stride=(2, 1))
    with torch.autocast("cpu", torch.bfloat16):
        conv2d_same(x, weight, bias)
    assert len(taken) == 1
    assert not pays(x.to("meta"), weight)


def test_single_precision_is_as_near_to_double_as_the_direct_convolution():
    inputs = case((6, 6), (64, 80), torch.float32, batch=1)
    exact = F.conv2d(*(tensor.double() for tensor in inputs), padding="same")
    error = (conv2d_by_rows(*inputs) - exact).abs().max()
    direct = (F.conv2d(*inputs, padding="same") - exact).abs().max()
    assert error < 4 * direct
