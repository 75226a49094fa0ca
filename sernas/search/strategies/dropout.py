"""Uniform path dropout (Wu et al. 2022, section 2.2), the paper's proposal."""

from __future__ import annotations

from random import Random

from sernas.base.errors import SettingsError
from sernas.search.strategy import STRATEGIES, SupernetStrategy
from sernas.space.mix import Mix


class PathDropout(SupernetStrategy):
    """The operations are trained with a constant number of a layer's candidates masked.

    The others keep their softmax weights, scaled by N / (N - masked).
    """

    name = "dropout"
    how = (
        "one operation a layer a step left out, drawn uniformly; then the architecture weights on "
        "validation data (the paper's proposal)"
    )

    def operation_mixing(self, space, weights, moment, settings, rng):
        mixing = {}
        for layer, a in weights.items():
            n = len(a)
            if settings.masked >= n:
                raise SettingsError(
                    f"search.masked is {settings.masked}, but {layer} has only {n} candidates; "
                    f"at most {n - 1} can be masked"
                )
            masked = self.masked(n, settings.masked, rng)
            kept = tuple(i for i in range(n) if i not in masked)
            mixing[layer] = Mix(kept, a * (n / (n - settings.masked)))
        return mixing

    def masked(self, n: int, number: int, rng: Random) -> set[int]:
        """Which of ``n`` candidates are left out, ``number`` of them on average: here, always."""
        return set(rng.sample(range(n), number))


STRATEGIES.add(PathDropout())
