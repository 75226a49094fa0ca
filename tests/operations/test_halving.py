import pytest
import torch
import torch.nn.functional as F

from sernas.operations.halving import halved


def inputs(rows, last, dtype=torch.float32):
    x = torch.randn(2, 3, rows, 5, dtype=dtype, generator=torch.Generator().manual_seed(0))
    x[:, :, 1] = x[:, :, 0]  # two alike
    form = torch.channels_last if last else torch.contiguous_format
    return x.contiguous(memory_format=form).requires_grad_()


@pytest.mark.parametrize("rows", [2, 3, 8, 9])
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_it_is_pytorchs_pool_and_relu(rows, last, dtype):
    x, plain = inputs(rows, last, dtype), inputs(rows, last, dtype)
    expected = F.relu(F.max_pool2d(plain, (2, 1)))
    y = halved(x)
    assert torch.equal(y, expected)
    g = torch.randn(y.shape, generator=torch.Generator().manual_seed(1)).to(dtype)
    y.backward(g)
    expected.backward(g)
    assert torch.equal(x.grad, plain.grad)
    assert x.grad.stride() == plain.grad.stride()


def test_what_is_kept_for_the_gradient_is_hardly_more_than_the_result():
    kept = {}

    def keep(tensor):
        kept[tensor.data_ptr()] = tensor.nbytes
        return tensor

    x = inputs(64, True) * 1
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        y = halved(x)
    assert sum(kept.values()) <= 1.25 * y.nbytes  # PyTorch's is 3 times as much


def test_nothing_is_kept_where_no_gradient_is_asked_for():
    with torch.no_grad():
        assert halved(inputs(4, True)).grad_fn is None
