"""Which epoch's weights a training keeps, by its history. Light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = Mapping[str, float]
"""Of an epoch: ``validation_wa`` and others."""


def kept(history: Sequence[Row], select: str) -> Row:
    """The row of the epoch that is kept: that of the best WA on validation speakers, the earliest
    of equals; or the last one.

    Args:
        select: ``training.select``.
    """
    if select == "last":
        return history[-1]
    return max(history, key=lambda row: row["validation_wa"])
