"""What a network sees of segments or of an utterance: a tensor, or a tuple of one a stream."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

Input = Tensor | tuple[Tensor, ...]
"""Of one stream its tensor; of several, theirs in their order."""


def as_input(streams: Sequence[Tensor]) -> Input:
    """The input that these streams are."""
    return streams[0] if len(streams) == 1 else tuple(streams)


def streams_of(x: Input) -> tuple[Tensor, ...]:
    """The streams that an input is of."""
    return (x,) if isinstance(x, Tensor) else x


def moved(x: Input, device: torch.device, non_blocking: bool = False) -> Input:
    """The same input on ``device``."""
    return as_input([stream.to(device, non_blocking=non_blocking) for stream in streams_of(x)])


def sent(values: Tensor, device: torch.device) -> Tensor:
    """Values that the CPU has made, on ``device``, for which nothing waits."""
    pinned = values.pin_memory() if device.type == "cuda" else values
    return pinned.to(device, non_blocking=True)
