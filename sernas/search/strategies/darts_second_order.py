"""Differentiable architecture search of second order (Liu et al. 2019, section 2.3)."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, Stage, SupernetStrategy, Update


class DartsSecondOrder(SupernetStrategy):
    """A step of the architecture weights, which foresees one of the operations, precedes it."""

    name = "darts_second_order"
    how = "as darts, but the operations are taken to be one step ahead"

    def stages(self, settings):
        return (Stage(settings.epochs, (Update.UNROLLED, Update.OPERATIONS)),)


STRATEGIES.add(DartsSecondOrder())
