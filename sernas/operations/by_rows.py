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

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import Function, once_differentiable

from sernas.operations.on_cpu import on_cpu

LEAST = 4096  # rows times columns from which it is faster


def pays(x: Tensor, weight: Tensor) -> bool:
    """Whether it is the faster way for x (B, C, F, T) and a weight (C', C, kF, kT), by what was
    measured on CPUs; autocast has its own."""
    rows = weight.shape[2]
    return (
        on_cpu(x)
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
    return _ByRows.apply(x, weight, bias)


class _ByRows(Function):
    """A few samples at a time, so that little is held at once beside x and y.

    For the gradient it keeps its input alone, which whatever comes before has kept already.
    """

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        w_even, w_odd = _pairs(weight)
        f, t = x.shape[2:]
        out = x.new_empty(len(x), f + f % 2, t, len(weight)).permute(0, 3, 1, 2)
        for (even, odd), y in zip(_halves(x, weight), out.split(_few(x)), strict=True):
            y_even, y_odd = _pairs(y)
            both = F.conv2d(odd, w_even + w_odd, bias)
            torch.add(F.conv2d(_less(even[:, :, :-1], odd), w_even), both, out=y_even)
            torch.add(F.conv2d(_less(even[:, :, 1:], odd), w_odd), both, out=y_odd)
        return out[:, :, :f]

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor):
        x, weight = ctx.saved_tensors
        needs_x, needs_weight, needs_bias = ctx.needs_input_grad
        f, t = x.shape[2:]
        if f % 2:
            gradient = F.pad(gradient, (0, 0, 0, 1))
        w_even, w_odd = _pairs(weight)
        left, right, top, bottom = _margins(weight, f)
        to_x = x.new_empty(len(x), top + f + bottom, left + t + right, x.shape[1])
        to_x, sums = to_x.permute(0, 3, 1, 2), [0, 0, 0, 0]

        def back(g: Tensor, part: Tensor, kernel: Tensor, bias: bool = False):
            return torch.ops.aten.convolution_backward(
                *(g, part, kernel, [len(kernel)], [1, 1], [0, 0], [1, 1], False, [0, 0], 1),
                [needs_x, needs_weight, bias],
            )

        parts = gradient.split(_few(x)), to_x.split(_few(x))
        for (even, odd), g, to in zip(_halves(x, weight), *parts, strict=True):
            g_even, g_odd = _pairs(g)
            both, w_both, to_bias = back(
                torch.add(g_even, g_odd, out=_room(g_even)), odd, w_even + w_odd, needs_bias
            )
            a, wa, _ = back(_room(g_even).copy_(g_even), _less(even[:, :, :-1], odd), w_even)
            b, wb, _ = back(_room(g_odd).copy_(g_odd), _less(even[:, :, 1:], odd), w_odd)
            if needs_x:
                to_even, to_odd = _pairs(to)
                to_even[:, :, 0], to_even[:, :, -1] = a[:, :, 0], b[:, :, -1]
                torch.add(a[:, :, 1:], b[:, :, :-1], out=to_even[:, :, 1:-1])
                torch.sub(both, a.add_(b), out=to_odd[:, :, :-1])
            for i, small in enumerate((wa, w_both, wb, to_bias)):
                if small is not None:
                    sums[i] = sums[i] + small
        wa, w_both, wb, to_bias = sums
        return (
            to_x[:, :, top : top + f, left : left + t] if needs_x else None,
            torch.stack((wa + w_both, w_both + wb), 3).flatten(2, 3) if needs_weight else None,
            to_bias if needs_bias else None,
        )


def _few(x: Tensor) -> int:
    """An eighth of the batch."""
    return -(-len(x) // 8)


def _margins(weight: Tensor, f: int) -> tuple[int, int, int, int]:
    """Zeros to the left, right, top and bottom; one row more than 'same' takes, two if F is odd."""
    rows, columns = weight.shape[2:]
    top, left = (rows - 1) // 2, (columns - 1) // 2
    return left, columns - 1 - left, top, f % 2 + rows - top


def _halves(x: Tensor, weight: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """The even rows of padded x, one more than the odd ones, and these: a few samples at a time."""
    left, right, top, bottom = _margins(weight, x.shape[2])
    batch, channels, f, t = x[: _few(x)].shape
    padded = x.new_zeros(batch, top + f + bottom, left + t + right, channels).permute(0, 3, 1, 2)
    for part in x.split(batch):
        filled = padded[: len(part)]
        filled[:, :, top : top + f, left : left + t] = part
        even, odd = _pairs(filled)
        yield even, _room(odd[:, :, :-1]).copy_(odd[:, :, :-1])


def _pairs(x: Tensor) -> tuple[Tensor, ...]:
    """Views of the even and the odd rows."""
    return x.unflatten(2, (-1, 2)).unbind(3)


def _less(x: Tensor, y: Tensor) -> Tensor:
    return torch.sub(x, y, out=_room(x))


def _room(x: Tensor) -> Tensor:
    """Memory for a tensor like x, channels last by its strides even if it is one sample.

    Left to itself torch gives that sample a stride that sends convolutions the slow way.
    """
    batch, channels, rows, columns = x.shape
    return x.new_empty(batch, rows, columns, channels).permute(0, 3, 1, 2)
