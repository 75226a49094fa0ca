"""How far each row's UA is from that of the controls of its system."""

from __future__ import annotations

from collections.abc import Mapping

from sernas.evaluation.holm import holm
from sernas.evaluation.intervals import Counts, ua_difference
from sernas.settings.reporting import EvaluationSettings

CONTROLS = ("none", "random")
DIFFERENCES = [f"vs_{control}{end}" for control in CONTROLS for end in ("", "_low", "_high", "_p")]
"""Columns."""


def differences(
    rows: Mapping[tuple[str, str], Counts], settings: EvaluationSettings, seed: int
) -> dict[tuple[str, str], dict[str, float]]:
    """``vs_<control>`` of each (system, strategy): the difference in points, its interval, its p.

    A row has no cells for itself, nor for a control that its system lacks. Each control's p-values
    are corrected together (:func:`holm`).

    Raises:
        SettingsError: see :func:`ua_difference`.
    """
    cells = {row: {} for row in rows}
    for control in CONTROLS:
        found = {
            (system, strategy): ua_difference(counts, rows[system, control], settings, seed)
            for (system, strategy), counts in rows.items()
            if strategy != control and (system, control) in rows
        }
        corrected = holm([each.p for each in found.values()])
        for (row, each), p in zip(found.items(), corrected, strict=True):
            figures = [*(round(figure, 2) + 0.0 for figure in each[:3]), round(p, 4)]  # no -0.0
            names = [name for name in DIFFERENCES if name.startswith(f"vs_{control}")]
            cells[row] |= dict(zip(names, figures, strict=True))
    return cells
