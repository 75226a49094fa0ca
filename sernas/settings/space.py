"""Readings of the search space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SpaceSettings:
    """Readings of the search space (Table 1 of Wu et al. 2022)."""

    conv2d_2: str = "transposed"
    relu: str = "mixture"
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self):
        # JSON and YAML have lists, and a width may be a number there
        candidates = {layer: tuple(map(str, names)) for layer, names in self.candidates.items()}
        object.__setattr__(self, "candidates", candidates)
