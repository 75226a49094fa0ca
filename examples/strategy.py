"""A strategy of your own: paths sampled in proportion to the architecture weights, annealed.

To search with it, write in the configuration

    plugins: [examples/strategy.py]
    strategies: [none, annealed]

A step trains the operations of one path, as those of ``sampling`` do; but each layer's operation is
drawn by softmax(log a / tau), where a are its architecture weights. The temperature tau falls from
5, where all operations are about as likely, so that each is trained before it is judged, to 0.1,
where nearly always the strongest is drawn, so that in the end those are trained that the search
will choose. A step of the architecture weights on validation data, all operations mixed, precedes
each: in two stages the weights would stay equal as long as the operations are trained, which would
then be trained as by ``sampling``.
"""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, Stage, SupernetStrategy, Update
from sernas.space.mix import Mix

FIRST, LAST = 5.0, 0.1


def temperature(progress: float) -> float:
    """tau, by how much of the search is over, from 0 to 1: geometric."""
    return FIRST * (LAST / FIRST) ** progress


class AnnealedSampling(SupernetStrategy):
    """One operation a layer a step, drawn by weights that come to count ever more."""

    name = "annealed"
    how = "one operation a layer a step, drawn by the architecture weights, ever more sharply"

    def stages(self, settings):
        return (Stage(settings.epochs, (Update.ARCHITECTURE, Update.OPERATIONS)),)

    def operation_mixing(self, space, weights, moment, settings, rng):
        sharpness = 1 / temperature(moment.progress)
        mixing = {}
        for layer, a in weights.items():
            strongest = float(a.max())  # softmax(log a / tau) is a^(1/tau) over its sum
            odds = [(weight / strongest) ** sharpness for weight in a.tolist()]
            (drawn,) = rng.choices(range(len(odds)), odds)
            mixing[layer] = Mix((drawn,))
        return mixing


STRATEGIES.add(AnnealedSampling())
