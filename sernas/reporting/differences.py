"""How far each row's UA is from that of the controls of its system."""

from __future__ import annotations

from collections.abc import Mapping

from sernas.evaluation.holm import holm
from sernas.evaluation.intervals import Counts, Estimate, ua_difference
from sernas.settings.reporting import EvaluationSettings

CONTROLS = ("none", "random")
DIFFERENCES = [f"vs_{control}{end}" for control in CONTROLS for end in ("", "_low", "_high", "_p")]
"""Columns."""


def above(
    compared: Mapping[tuple[str, str], tuple[Counts, Counts]],
    settings: EvaluationSettings,
    seed: int,
) -> dict[tuple[str, str], Estimate]:
    """How far each (system, strategy) is above what it is compared with. The p-values are corrected
    together (:func:`holm`).

    Raises:
        SettingsError: see :func:`ua_difference`.
    """
    found = [ua_difference(*pair, settings, seed) for pair in compared.values()]
    corrected = holm([each.p for each in found])
    return {
        row: each._replace(p=p) for row, each, p in zip(compared, found, corrected, strict=True)
    }


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
            (system, strategy): (counts, rows[system, control])
            for (system, strategy), counts in rows.items()
            if strategy != control and (system, control) in rows
        }
        for row, each in above(found, settings, seed).items():
            figures = [
                *(round(figure, 2) + 0.0 for figure in each[:3]),
                round(each.p, 4),
            ]  # no -0.0
            names = [name for name in DIFFERENCES if name.startswith(f"vs_{control}")]
            cells[row] |= dict(zip(names, figures, strict=True))
    return cells
