"""Convolutions of few channels as convolutions of many: R neighbouring rows folded into channels.

x (B, C, F, T) becomes (B, R * C, F / R, T): channel d * C + c of group g is channel c of row
g * R + d. A kernel (C', C, kF, kT) becomes (R * C', R * C, groups, kT), whose entries are the old
ones or zero. Exact. It multiplies the arithmetic, and is faster where matrix units would else be
idle: cuDNN is slow with 1 or 16 channels and fast with 64.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from sernas.operations.kernels import conv2d_same

FOLDS = (16, 4, 4)
"""R of the paper's first two layers, of Conv2d_3 and of Conv2d_4: fastest on an H200."""
LEAST = 2**20  # values of an input from which arithmetic, not launches, takes the time


def pays(x: Tensor) -> bool:
    """Whether a CNN of few channels should fold x (B, 1, F, T), by what was measured on an H200."""
    return x.device.type == "cuda" and x.numel() >= LEAST


@dataclass(frozen=True)
class Folded:
    """(B, C, F, T), folded.

    Attributes:
        x: (B, R * C, groups, T), with groups * R >= F. What is in the rows behind F is nobody's
            after a convolution, and zero after a pool.
        fold: R.
        rows: F.
    """

    x: Tensor
    fold: int
    rows: int

    def unfolded(self) -> Tensor:
        """(B, C, F, T)."""
        x = self.x.unflatten(1, (self.fold, -1)).permute(0, 2, 3, 1, 4)
        return x.flatten(2, 3)[:, :, : self.rows]


def folded(x: Tensor, fold: int) -> Folded:
    """x (B, C, F, T) as it is, with zeros behind it up to a multiple of ``fold`` rows."""
    rows = x.shape[2]
    x = F.pad(x, (0, 0, 0, -rows % fold))
    return Folded(_gathered(x, fold), fold, rows)


def conv2d_folded(h: Folded, weight: Tensor, bias: Tensor) -> Folded:
    """The 'same' convolution of what is folded, and zero behind its rows.

    Args:
        weight: (C', C, kF, kT).
        bias: (C',).
    """
    groups_above = -(-_above(weight.shape[2]) // h.fold)
    kernel = _spread(weight, h.fold, groups_above * h.fold)  # it has as many below, or one more
    return Folded(conv2d_same(h.x, kernel, bias.repeat(h.fold)), h.fold, h.rows)


def conv2d_folding(x: Tensor, weight: Tensor, bias: Tensor, fold: int) -> Folded:
    """The 'same' convolution of x (B, C, F, T), which it folds.

    A group of x begins where a group of the output looks first: so fewer take part.
    """
    rows, (kf, kt) = x.shape[2], weight.shape[2:]
    top, left = _above(kf), _above(kt)
    kernel = _spread(weight, fold, top)
    groups = -(-rows // fold) + kernel.shape[2] - 1
    x = F.pad(x, (left, kt - 1 - left, top, groups * fold - rows - top))
    return Folded(F.conv2d(_gathered(x, fold), kernel, bias.repeat(fold)), fold, rows)


def _above(size: int) -> int:
    """Rows above its own that a 'same' kernel of ``size`` rows sees."""
    return (size - 1) // 2


def _gathered(x: Tensor, fold: int) -> Tensor:
    """(B, C, groups * R, T) -> (B, R * C, groups, T), channels last."""
    x = x.unflatten(2, (-1, fold)).permute(0, 3, 1, 2, 4).flatten(1, 2)
    return x.contiguous(memory_format=torch.channels_last)


def _spread(weight: Tensor, fold: int, reach: int) -> Tensor:
    """(C', C, kF, kT) -> (R * C', R * C, groups, kT).

    By a product, whose gradient repeats to the bit; that of an index would not on every device.
    """
    places = _places(weight.shape[2], fold, reach, weight.device)
    kernel = torch.einsum("ocit,irdg->rodcgt", weight, places.to(weight))
    return kernel.flatten(2, 3).flatten(0, 1)


@cache
def _places(rows: int, fold: int, reach: int, device: torch.device) -> Tensor:
    """Zeros and ones (kF, R, R, groups): row i of a kernel takes row r of a group of the output
    from row d of group g of the input, which begin ``reach`` rows above it."""
    top = _above(rows)
    groups = 1 + (rows + fold - 2 + reach - top) // fold
    r, d, g = torch.meshgrid(*map(torch.arange, (fold, fold, groups)), indexing="ij")
    taken = g * fold + d - r - (reach - top)
    return (taken == torch.arange(rows).view(-1, 1, 1, 1)).float().to(device)
