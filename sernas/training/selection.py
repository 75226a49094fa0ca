"""Which epoch's weights a training keeps, by its history. Light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = Mapping[str, float]
"""Of an epoch: ``validation_wa``, ``validation_loss``, and ``validation_ua`` if that selects."""


def kept(history: Sequence[Row], select: str) -> Row:
    """The row of the epoch that is kept: the best on validation speakers, the earliest of equals.

    With ``last`` and ``average`` it is the last one, which has the figures of what is kept.

    Args:
        select: ``training.select``.
    """
    if select in ("last", "average"):
        return history[-1]
    return max(history, key=lambda row: _merit_of(row, select))


def merit(history: Sequence[Row], select: str) -> float:
    """What candidates are compared by, more is better: the figure of the kept epoch that chooses
    epochs, and its WA where none is chosen."""
    return _merit_of(kept(history, select), select)


def _merit_of(row: Row, select: str) -> float:
    if select == "best_loss":
        return -row["validation_loss"]
    return row["validation_ua" if select == "best_ua" else "validation_wa"]
