"""What a state is at one moment, for another thread to read while its tensors change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TypeVar

import torch

T = TypeVar("T")


class Snapshot:
    """A copy of nested dictionaries, lists, tensors and plain values.

    What is on a GPU is copied there, in the order of what runs on it, and nobody waits for it.
    Tensors that share memory share it in the copy too.
    """

    def __init__(self, state: dict):
        self._state, self._copied = copy.deepcopy(state), None
        if torch.cuda.is_initialized():
            self._copied = torch.cuda.Event()
            self._copied.record()

    def read(self, reader: Callable[[dict], T]) -> T:
        """What ``reader`` makes of it, on a thread of its own; what it takes from a GPU goes
        beside what runs there."""
        if not self._copied:
            return reader(self._state)
        self._copied.synchronize()
        with torch.cuda.stream(torch.cuda.Stream()):
            return reader(self._state)
