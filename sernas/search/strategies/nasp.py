"""Architecture search via proximal iterations (Yao et al. 2020, "NASP")."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING

from sernas.search.strategies.darts import Darts
from sernas.search.strategy import STRATEGIES
from sernas.space.mix import Mix

if TYPE_CHECKING:
    from torch import Tensor


class NASP(Darts):
    """Every step runs the discrete architecture: the proximal step to one operation a layer.

    The gradient of the architecture weights is that at the discrete point, by all candidates
    (Algorithm 2), passed on to weights that stay continuous. Theirs are projected onto [0, 1]; as a
    reading of ours they are a softmax here, as for all strategies. All candidates of a layer whose
    kernels merge cost one convolution.
    """

    name = "nasp"
    how = "as darts, but each step at the discrete architecture of the largest weights"

    def operation_mixing(self, space, weights, moment, settings, rng):
        return {layer: Mix((i,)) for layer, i in strongest(weights, rng).items()}

    def architecture_mixing(self, space, weights, moment, settings, rng):
        mixing = {}
        for layer, i in strongest(weights, rng).items():
            a = weights[layer]
            discrete = a.new_zeros(len(a))
            discrete[i] = 1
            mixing[layer] = Mix(tuple(range(len(a))), discrete + (a - a.detach()))
        return mixing


def strongest(weights: Mapping[str, Tensor], rng: Random) -> dict[str, int]:
    """The candidate of the largest weight in each layer; one of equals is drawn, as when all are
    still alike. ``weights``: (N,) a layer."""
    found = {}
    for layer, a in weights.items():
        values = a.tolist()
        best = max(values)
        found[layer] = rng.choice([i for i, value in enumerate(values) if value == best])
    return found


STRATEGIES.add(NASP())
