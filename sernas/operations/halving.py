"""Max-pooling of pairs of rows, and the ReLU behind it, in less time and memory on the CPU.

PyTorch keeps where each maximum was as a number of 8 bytes: of the paper's first layer as much as
the layer itself.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from sernas.operations.on_cpu import on_cpu


def halved(x: Tensor) -> Tensor:
    """The ReLU of the greater of each two rows: (B, C, F, T) -> (B, C, F // 2, T)."""
    if on_cpu(x):
        return _Halved.apply(x)
    return F.relu(F.max_pool2d(x, (2, 1)))


def _pairs(x: Tensor) -> tuple[Tensor, Tensor]:
    """The first and the second rows; a last one that has no second is left out."""
    end = x.shape[2] // 2 * 2
    return x[:, :, 0:end:2], x[:, :, 1:end:2]


class _Halved(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        first, second = _pairs(x)
        greater = torch.maximum(first, second).relu_()
        if ctx.needs_input_grad[0]:
            ctx.save_for_backward(second > first, greater)  # of two alike the first
            ctx.rows, ctx.last = x.shape[2], x.stride(1) == 1
        return greater

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor) -> Tensor:
        is_second, greater = ctx.saved_tensors
        gradient = torch.ops.aten.threshold_backward(gradient, greater, 0)
        batch, channels, _, columns = gradient.shape
        result = torch.empty(
            (batch, channels, ctx.rows, columns),
            dtype=gradient.dtype,
            memory_format=torch.channels_last if ctx.last else torch.contiguous_format,
        )
        first, second = _pairs(result)
        torch.mul(gradient, is_second, out=second)
        torch.sub(gradient, second, out=first)
        result[:, :, 2 * greater.shape[2] :] = 0
        return result
