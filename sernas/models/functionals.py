"""Functionals: what there is to say of the values of an utterance's frames, however many."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

PERCENTILES = (0.1, 0.5, 0.9)
Functionals = Callable[[Tensor], Tensor]
"""From (..., T) to (S, ...): S values of what there is over time, each bin by itself."""


def mean(x: Tensor) -> Tensor:
    """(..., T) -> (1, ...): the mean over time; of a single frame what it is."""
    return x.mean(-1)[None]


def moments(x: Tensor) -> Tensor:
    """(..., T) -> (2, ...): mean and standard deviation over time."""
    return torch.stack([x.mean(-1), x.std(-1, correction=0)])


def functionals(x: Tensor) -> Tensor:
    """(..., T) -> (6, ...): mean and standard deviation, the mean absolute difference of frames
    that follow one another, and percentiles 10, 50 and 90, between the nearest two values as
    ``numpy.percentile`` has them."""
    ordered = x.sort(-1).values
    places = torch.tensor(PERCENTILES, dtype=torch.double) * (x.shape[-1] - 1)
    below, above = ordered[..., places.floor().long()], ordered[..., places.ceil().long()]
    percentiles = below.lerp(above, (places % 1).to(x)).movedim(-1, 0)
    change = x.diff(dim=-1).abs().mean(-1)
    return torch.cat([moments(x), change[None], percentiles])
