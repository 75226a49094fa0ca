"""On what a measurement runs, and how long it may."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Options:
    """What a measurement may use.

    Attributes:
        threads: CPU threads of a network and of a DFT; torch has been told.
        cores: all cores, for what spreads utterances over them.
        rounds: how often each variant is timed, at most.
        seconds: what the measure may take in all; rounds are left out for it, see
            :func:`sernas.benchmarking.cases.taken`.
        began: when it began, by ``time.perf_counter``.
    """

    device: torch.device
    threads: int
    cores: int
    rounds: int
    seconds: float = math.inf
    began: float = field(default_factory=time.perf_counter)

    @property
    def place(self) -> dict[str, torch.device | int]:
        """What rows say of where they were measured; see :func:`timing.table`."""
        return {"device": self.device, "threads": self.threads}
