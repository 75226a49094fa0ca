"""Which folds a job works through."""

from __future__ import annotations

from collections.abc import Sequence


def fold_batches(folds: Sequence[int], size: int) -> dict[str, list[int]]:
    """At most ``size`` folds a job, by the suffix of the rule's name: one batch needs no suffix."""
    batches = [list(folds[i : i + size]) for i in range(0, len(folds), size)]
    if len(batches) == 1:
        return {"": batches[0]}
    return {f"_{'_'.join(map(str, batch))}": batch for batch in batches}
