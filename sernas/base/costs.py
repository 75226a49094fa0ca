"""What runs cost: ``epochs, steps, flops, seconds, peak_mb``."""

from __future__ import annotations

from collections.abc import Sequence

Cost = dict[str, float]


def total(costs: Sequence[Cost]) -> Cost:
    """That of several runs, one after another."""
    sums = {name: sum(cost[name] for cost in costs) for name in costs[0]}
    return sums | {"peak_mb": max(cost["peak_mb"] for cost in costs)}
