"""Functionals: what there is to say of the values of an utterance's frames, however many."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from sernas.models.chunks import is_long, parts
from sernas.models.reach import Recording

PERCENTILES = (0.1, 0.5, 0.9)
BAND = 8
"""Chunks that the bins which are taken in at once make up: to sort them takes four times that."""

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


def of_recording(kind: Functionals, x: Recording, network: nn.Module, channels: slice) -> Tensor:
    """(S, C, F): the functionals of an utterance (C, F, T) of any length, which is never whole in
    memory: all frames of some bins are at a time.

    Args:
        network: whose chunks parts are made by; see :func:`sernas.models.chunks.parts`.
        channels: those that count.
    """
    _, width, frames = x.shape
    bins, bands = range(width), []
    if is_long(network, x):
        _, at_once, _ = next(parts(network, x))
        width = max(1, BAND * width * at_once // frames)
    for first in bins[::width]:
        band = [part[0, channels, first : first + width] for _, _, part in parts(network, x)]
        bands.append(kind(torch.cat(band, -1)))
    return torch.cat(bands, -1)
