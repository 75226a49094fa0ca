"""Which rows are above which, and whether that is more than noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from sernas.evaluation.intervals import Counts, Estimate
from sernas.reporting.differences import CONTROLS, above
from sernas.reporting.page.run import Row
from sernas.settings.reporting import EvaluationSettings
from sernas.systems.card import streams

LINEAR = {"linear": "the linear model", "linear_embeddings": "the linear model on embeddings"}
"""Systems that say what the inputs that others share with them are worth without a network."""
OTHERS = {"none": "the hand-made architecture", "random": "random search", **LINEAR}


class Comparison(NamedTuple):
    """How far a row's UA is above another's, in points.

    Attributes:
        row: the (system, strategy).
        other: one of :data:`OTHERS`.
        difference: its p is corrected for all rows that are compared with ``other``.
        told: whether it is more than noise, by that p.
    """

    row: Row
    other: str
    difference: Estimate
    told: bool

    def __str__(self) -> str:
        """``"6.9 above random search (3.1 to 10.2)"``, or that it cannot be told."""
        other, (value, low, high, p) = OTHERS[self.other], self.difference
        by = f"{abs(value):.1f} {'above' if value > 0 else 'below'}"
        if np.isnan(low):
            if abs(value) < 0.05:
                return f"as good as {other}"
            return f"{by} {other} (no interval)"
        interval = f"{low:z.1f} to {high:z.1f}"
        if self.told:
            return f"{by} {other} ({interval})"
        if low <= 0 <= high:
            return f"cannot be told apart from {other} ({value:+z.1f}, {interval})"
        return (
            f"{by} {other} ({interval}), which is within noise for so many comparisons "
            f"(p {p:.2f}, corrected)"
        )


def comparisons(
    table: pd.DataFrame, counts: Mapping[Row, Counts], settings: EvaluationSettings, seed: int
) -> list[Comparison]:
    """Those of the table, and of each row with what is :data:`LINEAR` in its inputs, in its order.

    Args:
        table: of :func:`sernas.reporting.table.results_table`.
        counts: of each row.
        settings: of the intervals.
        seed: of the bootstrap.
    """
    linear = {system: above(_sharing(system, counts), settings, seed) for system in LINEAR}
    found = []
    for cells in table.itertuples():
        row = (cells.system, cells.nas)
        own = {control: _of_table(cells, control) for control in CONTROLS}
        of_linear = {system: found_of.get(row) for system, found_of in linear.items()}
        for other, difference in (own | of_linear).items():
            if difference and not np.isnan(difference.value):
                told = difference.p < 1 - settings.confidence
                found.append(Comparison(row, other, difference, told))
    return found


def _of_table(cells: NamedTuple, control: str) -> Estimate:
    ends = ("", "_low", "_high", "_p")
    return Estimate(*(float(getattr(cells, f"vs_{control}{end}")) for end in ends))


def _sharing(system: str, counts: Mapping[Row, Counts]) -> dict[Row, tuple[Counts, Counts]]:
    """The rows that have all the inputs of one of :data:`LINEAR`, each with it, if it is there."""
    control, inputs = (system, "none"), set(streams(system))
    return {
        row: (of_row, counts[control])
        for row, of_row in counts.items()
        if control in counts and row != control and inputs <= set(streams(row[0]))
    }
