"""Uniform path sampling (Wu et al. 2022, section 2.2)."""

from __future__ import annotations

from sernas.search.gumbel import gumbel_path
from sernas.search.strategy import STRATEGIES, SupernetStrategy, then_ranked
from sernas.space.mix import path

TEMPERATURE = 1.0  # of the draws: they are by the weights themselves


class UniformSampling(SupernetStrategy):
    """The operations are trained one architecture a step, each candidate of weight 1.

    What follows is ``search.sampling``: the paper's second stage, on the mixture, trains the
    architecture weights on a network that never was trained as one.
    """

    name = "sampling"
    how = (
        "one operation a layer a step, drawn uniformly; then, on validation data, the best path or "
        "the architecture weights, as `search.sampling` says"
    )

    def stages(self, settings):
        evolves = settings.sampling == "evolution"
        return then_ranked(settings) if evolves else super().stages(settings)

    def operation_mixing(self, space, weights, moment, settings, rng):
        return path(space, space.draw(rng))

    def architecture_mixing(self, space, weights, moment, settings, rng):
        if settings.sampling == "paths":
            return gumbel_path(weights, TEMPERATURE, rng)
        return super().architecture_mixing(space, weights, moment, settings, rng)


STRATEGIES.add(UniformSampling())
