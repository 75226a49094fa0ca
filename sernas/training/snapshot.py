"""What a state is at one moment, for another thread to read while its tensors change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


class Snapshot:
    """A copy of nested dictionaries, lists, tensors and plain values.

    What is on a GPU is copied there, in the order of what runs on it, and nobody waits for it.
    """

    def __init__(self, state: dict):
        self._state, self._copied = copy.deepcopy(state), None
        if torch.cuda.is_initialized():
            self._copied = torch.cuda.Event()
            self._copied.record()

    def read(self, reader: Callable[[dict], T]) -> T:
        """What ``reader`` makes of it, on a thread of its own; what comes from a GPU does so beside
        what runs there."""
        if not self._copied:
            return reader(self._state)
        beside = _stream()
        beside.wait_event(self._copied)
        with torch.cuda.stream(beside):
            state = _on_its_way(self._state)
        beside.record_event().synchronize()
        return reader(state)


@cache
def _stream() -> torch.cuda.Stream:
    """One for all: torch has 32 and hands them out in turn, perhaps one that records a graph."""
    return torch.cuda.Stream()


def _on_its_way(state: object) -> object:
    """The same with its tensors on the CPU, in pinned memory, once the present stream is there."""
    if isinstance(state, Tensor):
        return state.to("cpu", non_blocking=True)
    if isinstance(state, dict):
        return {key: _on_its_way(value) for key, value in state.items()}
    if isinstance(state, list | tuple):
        return type(state)(map(_on_its_way, state))
    return state
