"""Differentiable architecture search of first order (Liu et al. 2019, section 2.3)."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, Stage, SupernetStrategy, Update


class Darts(SupernetStrategy):
    """A step of the architecture weights precedes each of the operations."""

    name = "darts"
    how = (
        "a step of the architecture weights on validation data before each of the operations, "
        "which it takes for fixed"
    )

    def stages(self, settings):
        return (Stage(settings.epochs, (Update.ARCHITECTURE, Update.OPERATIONS)),)


STRATEGIES.add(Darts())
