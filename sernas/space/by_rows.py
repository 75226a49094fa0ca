"""A convolution by even and odd rows: three of half the size, where directly it would be four.

With e and o for the even and the odd rows of input x, kernel w and output y (Mou and Duhamel 1991,
"Short-length FIR filters and their use in fast nonrecursive filtering", IEEE Trans. Signal
Processing 39):

    y_e = w_e * (x_e - x_o) + (w_e + w_o) * x_o
    y_o = w_o * (x_e' - x_o) + (w_e + w_o) * x_o        x_e' : the even rows from the second on

Exact but for rounding. Where convolutions run at the speed of the arithmetic itself, as oneDNN's do
on a CPU, nothing else makes a merged kernel cheaper.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import Function, once_differentiable

LEAST = 4096  # rows times columns from which it is faster


def pays(x: Tensor, weight: Tensor) -> bool:
    """Whether it is the faster way, by what was measured on CPUs; autocast has its own."""
    rows = weight.shape[2]
    return (
        x.device.type == "cpu"
        and rows >= 6
        and rows % 2 == 0
        and weight.shape[1] >= 16
        and x.shape[2] * x.shape[3] >= LEAST
        and not torch.is_autocast_enabled("cpu")
    )


def conv2d_by_rows(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The 'same' convolution of a kernel with an even number of rows.

    Args:
        x: (B, C, F, T).
        weight: (C', C, kF, kT).
        bias: (C',).

    Returns:
        (B, C', F, T).
    """
    f, (rows, columns) = x.shape[2], weight.shape[2:]
    top, left = (rows - 1) // 2, (columns - 1) // 2
    # a row more than 'same' takes, two if F is odd: then rows come in pairs
    padded = F.pad(x, (left, columns - 1 - left, top, f % 2 + rows - top))
    return _ByRows.apply(padded, weight, bias)[:, :, :f]


class _ByRows(Function):
    """(B, C, F + kF, T + kT - 1) -> (B, C', F, T), for even F and kF."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        biases = (None, bias, None)
        a, both, b = map(F.conv2d, _inputs(x), _kernels(weight), biases)
        out = _empty(a, 2 * a.shape[2])
        even, odd = _pairs(out)
        torch.add(a, both, out=even)
        torch.add(b, both, out=odd)
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor):
        x, weight = ctx.saved_tensors
        even, odd = _pairs(gradient)
        needed = [*ctx.needs_input_grad[:2], False]
        (xa, wa), (x_both, w_both), (xb, wb) = (
            torch.ops.aten.convolution_backward(
                g, part, kernel, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, needed
            )[:2]
            for g, part, kernel in zip(
                (_dense(even), even + odd, _dense(odd)), _inputs(x), _kernels(weight), strict=True
            )
        )
        to_x = to_weight = None
        if needed[0]:
            to_x = _empty(xa, x.shape[2])
            even, odd = _pairs(to_x)
            torch.add(xa[:, :, 1:], xb[:, :, :-1], out=even[:, :, 1:-1])
            even[:, :, 0], even[:, :, -1] = xa[:, :, 0], xb[:, :, -1]
            torch.sub(x_both, xa, out=odd[:, :, :-1]).sub_(xb)
            odd[:, :, -1] = 0
        if needed[1]:
            to_weight = torch.stack((wa + w_both, w_both + wb), 3).flatten(2, 3)
        return to_x, to_weight, gradient.sum((0, 2, 3))


def _inputs(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    even, odd = _pairs(x)
    odd = _dense(odd[:, :, :-1])
    return even[:, :, :-1] - odd, odd, even[:, :, 1:] - odd


def _kernels(weight: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    even, odd = _pairs(weight)
    return even, even + odd, odd


def _pairs(x: Tensor) -> tuple[Tensor, ...]:
    """Views of the even and the odd rows."""
    return x.unflatten(2, (-1, 2)).unbind(3)


def _dense(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)


def _empty(like: Tensor, rows: int) -> Tensor:
    """(B, C, rows, T), channels last."""
    batch, channels, _, columns = like.shape
    return like.new_empty(batch, rows, columns, channels).permute(0, 3, 1, 2)
