"""Max-pooling, and the ReLU behind it, of what is folded (see :mod:`sernas.operations.folded`).

Of a window's rows, some lie in one group and are channels of it, the others in the next ones. The
result is folded anew as it is written.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from sernas.operations.folded import Folded

WINDOW = (-3, -2, -1)


def pooled(h: Folded, rows: int, columns: int, fold: int) -> Folded:
    """The ReLU of the greatest of each ``rows`` x ``columns``: F // rows rows, T // columns steps.

    Args:
        rows: a power of 2, as are both folds.
        fold: R of the result.
    """
    inside, across = min(rows, h.fold), max(rows // h.fold, 1)
    left = h.fold // inside  # rows of a group
    merged, parts = max(fold // left, 1), max(left // fold, 1)  # groups to one, or one to parts
    result_rows = h.rows // rows
    groups = -(-result_rows // (fold * parts))
    cut = groups * merged * across, h.x.shape[3] // columns * columns
    x = F.pad(h.x, (0, 0, 0, cut[0] - h.x.shape[2])) if cut[0] > h.x.shape[2] else h.x
    y = _Pooled.apply(x, cut, (parts, left // parts, inside, -1), (merged, across), columns)
    y = y.flatten(1, 2).flatten(3, 4)  # (B, groups, T', R, C)
    if groups * parts * fold > result_rows:
        row = torch.arange(groups * parts * fold, device=y.device).view(-1, 1, fold, 1)
        y = y.masked_fill(row >= result_rows, 0)
    return Folded(y.flatten(3).permute(0, 3, 1, 2), fold, result_rows)


def _windows(
    x: Tensor,
    cut: tuple[int, int],
    channels: tuple[int, ...],
    groups: tuple[int, int],
    columns: int,
) -> Tensor:
    """A view (B, groups, parts, T', merged, rows of a part, C, rows of a window in a group, its
    groups, its columns)."""
    x = x[:, :, : cut[0], : cut[1]].unflatten(3, (-1, columns)).unflatten(2, (-1, *groups))
    # batch, part, row, inside, channel, group, merged, across, step, column
    return x.unflatten(1, channels).permute(0, 5, 1, 8, 6, 2, 4, 3, 7, 9)


class _Pooled(torch.autograd.Function):
    """What PyTorch keeps, but for the places of the maxima; of several alike each has a share."""

    @staticmethod
    def forward(ctx, x: Tensor, *division) -> Tensor:
        greatest = _windows(x, *division).amax(WINDOW).relu_()
        ctx.save_for_backward(x, greatest)
        ctx.division = division
        return greatest

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor):
        x, greatest = ctx.saved_tensors
        windows = _windows(x, *ctx.division)
        here = windows == greatest[..., None, None, None]
        # where nothing is as great, the ReLU has cut it off and the gradient is zero
        shares = here.sum(WINDOW, dtype=gradient.dtype).clamp_(min=1)
        gradient = torch.ops.aten.threshold_backward(gradient, greatest, 0) / shares
        whole = windows.numel() == x.numel()
        result = torch.empty_like(x) if whole else torch.zeros_like(x)
        torch.mul(here, gradient[..., None, None, None], out=_windows(result, *ctx.division))
        return result, None, None, None, None
