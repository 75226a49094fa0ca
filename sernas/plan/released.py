"""Which models are released: by their names, the rows that each is chosen among."""

from __future__ import annotations

from collections.abc import Sequence

from sernas.plan.rows import Row

BEST = "best"
"""Of which every row is a candidate; it is part of what a run makes, others are asked for."""


def released(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The best of a table's rows, and each row as ``<system>_<strategy>``."""
    return {
        BEST: list(rows),
        **{f"{system}_{strategy}": [(system, strategy)] for system, strategy in rows},
    }
