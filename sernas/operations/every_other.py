"""An image taken apart into the four of every other row and column.

Taps that lie two positions apart are neighbours in each of them.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

PHASES = 4


def phases(x: Tensor) -> Tensor:
    """(B, C, F, T) -> (4 B, C, ceil(F / 2), ceil(T / 2)).

    The first B are those of even rows and columns, the last those of odd ones; between are those of
    even rows, and then of even columns. Where there is an odd number, the last odd ones are zeros.
    """
    rows, columns = x.shape[2:]
    x = F.pad(x, (0, columns % 2, 0, rows % 2)).permute(0, 2, 3, 1)
    images = x.unflatten(2, (-1, 2)).unflatten(1, (-1, 2)).permute(2, 4, 0, 1, 3, 5)
    return images.flatten(0, 2).permute(0, 3, 1, 2)


def joined(images: Tensor, rows: int, columns: int) -> Tensor:
    """What :func:`phases` took apart: (4 B, C, F', T') -> (B, C, ``rows``, ``columns``)."""
    images = images.permute(0, 2, 3, 1).unflatten(0, (2, 2, -1)).permute(2, 3, 0, 4, 1, 5)
    return images.flatten(3, 4).flatten(1, 2)[:, :rows, :columns].permute(0, 3, 1, 2)
