"""Losses that can be subtracted from one another: of the same random numbers, unrounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

Loss = Callable[[], Tensor]


class Replayed:
    """A loss under the same dropout masks whenever it is called, those of its first time.

    Other random numbers are what they would be had it been called once.

    Args:
        device: where it is computed.
    """

    def __init__(self, loss: Loss, device: torch.device):
        self._loss, self._cuda = loss, [device] if device.type == "cuda" else []
        self._states: list[Tensor] = []

    def __call__(self) -> Tensor:
        if not self._states:
            self._states = [torch.get_rng_state(), *map(torch.cuda.get_rng_state, self._cuda)]
            return self._loss()
        with torch.random.fork_rng(self._cuda):
            torch.set_rng_state(self._states[0])
            for device, state in zip(self._cuda, self._states[1:], strict=True):
                torch.cuda.set_rng_state(state, device)
            return self._loss()


@contextmanager
def unrounded() -> Iterator[None]:
    """Without TF32, whatever the precision of other steps: differences of losses are small."""
    modes = torch.backends.cudnn, torch.backends.cuda.matmul
    before = [mode.allow_tf32 for mode in modes]
    try:
        for mode in modes:
            mode.allow_tf32 = False
        yield
    finally:
        for mode, allowed in zip(modes, before, strict=True):
            mode.allow_tf32 = allowed
