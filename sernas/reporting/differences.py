"""How far each row's UA is from that of the controls of its system, and of a linear model."""

from __future__ import annotations

from collections.abc import Mapping

from sernas.evaluation.holm import holm
from sernas.evaluation.intervals import Counts, ua_difference
from sernas.settings.reporting import EvaluationSettings
from sernas.systems.card import baseline_of

CONTROLS = ("none", "random")
LINEAR = "linear"
"""What stands for the linear baseline on that which a system takes."""


def _columns(*others: str) -> list[str]:
    return [f"vs_{other}{end}" for other in others for end in ("", "_low", "_high", "_p")]


DIFFERENCES = _columns(*CONTROLS)
TO_LINEAR = _columns(LINEAR)


def differences(
    rows: Mapping[tuple[str, str], Counts], settings: EvaluationSettings, seed: int
) -> dict[tuple[str, str], dict[str, float]]:
    """``vs_<other>`` of each (system, strategy): the difference in points, its interval, its p.

    Others are the controls of the same system, and its linear baseline. A row has no cells for
    itself, nor for what is not there. The p-values of each are corrected together (:func:`holm`).

    Raises:
        SettingsError: see :func:`ua_difference`.
    """
    cells = {row: {} for row in rows}
    for other in (*CONTROLS, LINEAR):
        pairs = {(system, strategy): _row(other, system) for system, strategy in rows}
        found = {
            row: ua_difference(rows[row], rows[than], settings, seed)
            for row, than in pairs.items()
            if than != row and than in rows
        }
        corrected = holm([each.p for each in found.values()])
        for (row, each), p in zip(found.items(), corrected, strict=True):
            figures = [*(round(figure, 2) + 0.0 for figure in each[:3]), round(p, 4)]  # no -0.0
            cells[row] |= dict(zip(_columns(other), figures, strict=True))
    return cells


def _row(other: str, system: str) -> tuple[str | None, str]:
    """The (system, strategy) that another of ``system`` is compared with."""
    return (baseline_of(system), "none") if other == LINEAR else (system, other)
