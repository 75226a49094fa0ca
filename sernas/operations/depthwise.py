"""Convolutions of each channel by itself, with gradients that are quick on the CPU.

oneDNN has quick kernels for their weight gradient only where these are at most three columns wide
and their taps are neighbours: one of 5x5 takes 8 to 14 times as long as one of 5x3.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from sernas.operations.on_cpu import on_cpu

WIDE = 3  # columns of the widest kernel whose weight gradient is quick


def depthwise(x: Tensor, weight: Tensor, stride: int = 1) -> Tensor:
    """(B, C, F, T) -> (B, C, ceil(F / stride), ceil(T / stride)), zeros beyond the edges.

    Args:
        weight: (C, 1, k, k), k = 3 or 5.
    """
    if tuned_here(x):
        return _Depthwise.apply(x, weight, stride)
    return _convolve(x, weight, stride)


def tuned_here(x: Tensor) -> bool:
    """Whether what is quick on the CPU applies to x (B, C, F, T): there, and not where autocast
    rounds."""
    return on_cpu(x) and not torch.is_autocast_enabled("cpu")


def _convolve(x: Tensor, weight: Tensor, stride: int) -> Tensor:
    return F.conv2d(x, weight, None, stride, weight.shape[2] // 2, groups=len(weight))


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, stride: int) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return _convolve(x, weight, stride)

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor):
        x, weight = ctx.saved_tensors
        of_x, of_weight, _ = ctx.needs_input_grad
        size = weight.shape[2]
        padding = (size // 2, size // 2)
        by_x = by_weight = None
        if of_x:
            by_x = _backward(gradient, x, weight, ctx.stride, padding, (True, False))[0]
        if of_weight and size <= WIDE:
            by_weight = _backward(gradient, x, weight, ctx.stride, padding, (False, True))[1]
        elif of_weight:
            by_weight = _by_columns(gradient, x, weight, ctx.stride)
        return by_x, by_weight, None


def _by_columns(gradient: Tensor, x: Tensor, weight: Tensor, stride: int) -> Tensor:
    """The gradient by a weight of 5x5: its first three columns, then its last three.

    With one more column of zeros on each side of x, the first three are those of a 5x3 kernel
    whose output has ``beyond`` further columns; so are the last, two positions on.
    """
    x, narrow, beyond = F.pad(x, (1, 1)), weight[..., :WIDE], 2 // stride
    first, last = (
        _backward(F.pad(gradient, sides), x, narrow, stride, (2, 1), (False, True))[1]
        for sides in ((0, beyond), (beyond, 0))
    )
    return torch.cat([first, last[..., 1:]], 3)


def _backward(gradient, x, weight, stride, padding, wanted) -> tuple[Tensor | None, ...]:
    return torch.ops.aten.convolution_backward(
        gradient,
        x,
        weight,
        None,
        (stride, stride),
        padding,
        (1, 1),
        False,
        (0, 0),
        len(weight),
        (*wanted, False),
    )
