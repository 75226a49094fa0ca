"""Uniform path sampling (Wu et al. 2022, section 2.2)."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, SupernetStrategy
from sernas.space.mix import path


class UniformSampling(SupernetStrategy):
    """The operations are trained one architecture a step, each candidate of weight 1."""

    name = "sampling"
    how = (
        "one operation a layer a step, drawn uniformly; then the architecture weights on "
        "validation data"
    )

    def operation_mixing(self, space, weights, moment, settings, rng):
        return path(space, space.draw(rng))


STRATEGIES.add(UniformSampling())
