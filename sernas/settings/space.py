"""Readings of the search space."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SpaceSettings:
    """Readings of the search space (Table 1 of Wu et al. 2022)."""

    conv2d_2: str = "transposed"
    relu: str = "mixture"
