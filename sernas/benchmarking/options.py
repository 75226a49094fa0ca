"""On what a measurement runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Options:
    """What a measurement may use.

    Attributes:
        threads: CPU threads of a network and of a DFT; torch has been told.
        cores: all cores, for what spreads utterances over them.
        rounds: how often each variant is timed.
    """

    device: torch.device
    threads: int
    cores: int
    rounds: int
