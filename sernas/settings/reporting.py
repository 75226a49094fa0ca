"""The table's intervals, and how figures look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EvaluationSettings:
    """Bootstrap interval of the pooled UA."""

    bootstrap: int
    confidence: float


@dataclass(frozen=True)
class FigureSettings:
    """How the figures look. Nothing but figures depends on it."""

    system: str
    dpi: int
    colours: dict[str, str]
