"""Differentiable architecture sampling (Dong and Yang 2019, "GDAS", section 3.2)."""

from __future__ import annotations

from sernas.search.gumbel import gumbel_path
from sernas.search.strategies.darts import Darts
from sernas.search.strategy import STRATEGIES, Moment

HOTTEST, COLDEST = 10, 1


class GDAS(Darts):
    """A step of the architecture weights precedes each of the operations, each on one path that is
    drawn by the architecture weights.

    Of the drawn candidate alone there is a gradient, that of its relaxed probability; where it is
    none, that edge's weights stay.
    """

    name = "gdas"
    how = "as darts, but each step on one operation a layer, drawn by the architecture weights"

    def operation_mixing(self, space, weights, moment, settings, rng):
        return gumbel_path(weights, self.temperature(moment), rng)

    def architecture_mixing(self, space, weights, moment, settings, rng):
        return gumbel_path(weights, self.temperature(moment), rng)

    def temperature(self, moment: Moment) -> float:
        """Falls linearly over the search, as in the paper; its authors' later code ends at 0.1."""
        return HOTTEST + (COLDEST - HOTTEST) * moment.progress


STRATEGIES.add(GDAS())
