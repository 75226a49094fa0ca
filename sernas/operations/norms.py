"""What stands behind an operation: batch norm or nothing, and the weight of the output."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NormOf = Callable[[int], nn.Module]
"""Makes a norm of a number of channels, which is called with (B, C, F, T) and a weight or None."""


class Norm(nn.BatchNorm2d):
    """Batch norm, and the weight of what is normalised: (B, C, F, T) -> (B, C, F, T)."""

    @property
    def stateless(self) -> bool:
        """Whether it has neither a scale of its own nor running statistics."""
        return not (self.affine or self.track_running_stats)

    def forward(self, x: Tensor, weight: Tensor | None = None) -> Tensor:
        if weight is None or not self.stateless:
            return weighted(super().forward(x), weight)
        return by_batch(x, [weight], self.eps)


def by_batch(x: Tensor, weights: Sequence[Tensor] | None, eps: float) -> Tensor:
    """x (B, n C, F, T), each channel normalised by the batch, and each C times one of n weights."""
    scale = None
    if weights is not None:
        # not expand(), whose strides the CPU's kernel ignores
        scale = torch.stack(tuple(weights)).unsqueeze(1).repeat(1, x.shape[1] // len(weights))
        scale = scale.flatten()
    return F.batch_norm(x, None, None, scale, None, True, eps=eps)


class Unnormalised(nn.Module):
    """No norm, only the weight: (B, C, F, T) -> (B, C, F, T). For networks without batch norm."""

    affine = False

    def __init__(self, channels: int):
        super().__init__()

    def forward(self, x: Tensor, weight: Tensor | None = None) -> Tensor:
        return weighted(x, weight)


def weighted(x: Tensor, weight: Tensor | None) -> Tensor:
    """``x``, (B, C, F, T), times the weight, a scalar, if there is one."""
    return x if weight is None else weight * x


def batch_norm(supernet: bool) -> NormOf:
    """Batch norm as the network needs it.

    In a supernet it has no scale of its own, which would undo that of the architecture weights, and
    no running statistics, since the architecture changes all the time (Liu et al. 2019, appendix
    A.1.1): whatever the mode it normalises by the batch.
    """
    return partial(Norm, affine=not supernet, track_running_stats=not supernet)
