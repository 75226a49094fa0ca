"""Operation dropout (Bender et al. 2018, "Understanding and simplifying one-shot architecture
search", section 3)."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, SupernetStrategy, then_ranked
from sernas.space.mix import Mix


class OperationDropout(SupernetStrategy):
    """Each candidate is dropped independently, ever more often; the others are mixed evenly.

    The probability grows linearly from 0 to ``r ** (1 / N)``, r = ``search.drop_rate``, so that in
    the end all N candidates of a layer would go at once with the probability r. Ours: one that is
    drawn uniformly then stays, since a layer without any has nothing to pass on.
    """

    name = "operation_dropout"
    how = (
        "each operation dropped by itself, ever more often; then the best of paths drawn uniformly "
        "on validation data"
    )

    def stages(self, settings):
        return then_ranked(settings, evolving=False)

    def operation_mixing(self, space, weights, moment, settings, rng):
        mixing = {}
        for layer, a in weights.items():
            n = len(a)
            dropped = moment.progress * settings.drop_rate ** (1 / n)
            kept = tuple(i for i in range(n) if rng.random() >= dropped) or (rng.randrange(n),)
            mixing[layer] = Mix(kept, a.new_full((n,), 1 / len(kept)))
        return mixing


STRATEGIES.add(OperationDropout())
