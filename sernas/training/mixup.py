"""Mixup: segments and their labels in pairs (Zhang et al. 2018, "mixup: Beyond Empirical Risk
Minimization", Eq. 1)."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from sernas.folds.network_input import Input, as_input, sent, streams_of


def mixed(
    x: Input, targets: Tensor, alpha: float, rng: np.random.Generator
) -> tuple[Input, Tensor]:
    """``share * x + (1 - share) * x[order]``, and the same of ``targets``.

    Args:
        x: (B, C, F, T), or that of each stream.
        targets: (B, classes); see :func:`sernas.training.epoch.loss_of`.
        alpha: the share is of Beta(alpha, alpha), one a batch, as in the authors' code.
    """
    share, order = rng.beta(alpha, alpha), torch.from_numpy(rng.permutation(len(targets)))

    def mix(part: Tensor) -> Tensor:
        return torch.lerp(part[sent(order, part.device)], part, share)

    return as_input([mix(stream) for stream in streams_of(x)]), mix(targets)
