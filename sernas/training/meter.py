"""What a run costs: steps, floating-point operations, seconds, memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from sernas.base.costs import Cost
from sernas.folds.network_input import Input
from sernas.training.epoch import Step
from sernas.training.graphs import launched

T = TypeVar("T")


class Meter:
    """Counts along with a run, over all that it was stopped and taken up for.

    Of each kind of step the first is counted operation by operation, and the others are taken to
    cost the same: products and convolutions, forward and backward, as PyTorch does.
    """

    def __init__(self):
        self.steps, self.flops, self.seconds = 0, 0, 0.0
        self.flops_of: dict[str, int] = {}  # a step, by its kind

    @contextmanager
    def timed(self) -> Iterator[None]:
        """What runs within takes time."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start

    def timed_each(self, made: Iterable[T]) -> Iterator[T]:
        """The same, each of which takes time to make."""
        left = iter(made)
        while True:
            with self.timed():
                try:
                    each = next(left)
                except StopIteration:
                    return
            yield each

    def counted(self, step: Step, kind: str) -> Step:
        """``step``, which is counted whenever it is called; ``kind``: of what costs the same."""

        def counting(x: Input, y: Tensor) -> Tensor:
            if kind not in self.flops_of:
                with launched(), FlopCounterMode(display=False) as counter:
                    loss = step(x, y)
                self.flops_of[kind] = counter.get_total_flops()
            else:
                loss = step(x, y)
            self.count(kind)
            return loss

        return counting

    def count(self, kind: str) -> None:
        """A step was taken that cost what others of its kind did."""
        self.steps += 1
        self.flops += self.flops_of[kind]

    def cost(self, epochs: int, device: torch.device) -> Cost:
        """``epochs, steps, flops, seconds`` and ``peak_mb``, the most memory that this process
        took: of the GPU where there is one, else of the machine."""
        if device.type == "cuda":
            peak = torch.cuda.max_memory_allocated(device) / 2**20
        else:
            unit = 2**20 if sys.platform == "darwin" else 2**10
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
        return {
            "epochs": epochs,
            "steps": self.steps,
            "flops": self.flops,
            "seconds": round(self.seconds, 2),
            "peak_mb": round(peak),
        }

    def state_dict(self) -> dict[str, float | None]:
        return vars(self) | {"flops_of": dict(self.flops_of)}

    def load_state_dict(self, state: dict[str, float | None]) -> None:
        vars(self).update(state)
