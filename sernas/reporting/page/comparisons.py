"""Which rows are above which, and whether that is more than noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sernas.evaluation.intervals import Estimate
from sernas.reporting.differences import CONTROLS, LINEAR
from sernas.reporting.page.run import Row
from sernas.systems.card import baseline_of

OTHERS = {
    "none": "the hand-made architecture",
    "random": "random search",
    "linear": "the linear model",
    "linear_embeddings": "the linear model on embeddings",
}


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


def comparisons(table: pd.DataFrame, confidence: float) -> list[Comparison]:
    """Those of the table, in its order.

    Args:
        table: of :func:`sernas.reporting.table.results_table`.
        confidence: of its intervals, as a fraction.
    """
    found = []
    for cells in table.itertuples():
        columns = {control: control for control in CONTROLS}
        columns[baseline_of(cells.system)] = LINEAR
        for other, column in columns.items():
            difference = _of_table(cells, column)
            if not np.isnan(difference.value):
                told = difference.p < 1 - confidence
                found.append(Comparison((cells.system, cells.nas), other, difference, told))
    return found


def _of_table(cells: NamedTuple, column: str) -> Estimate:
    """That of a row; NaN where there is none, nor the column."""
    ends = ("", "_low", "_high", "_p")
    return Estimate(*(float(getattr(cells, f"vs_{column}{end}", np.nan)) for end in ends))
