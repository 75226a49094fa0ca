"""Which paths are scored next: evolutionary search (Guo et al. 2020, section 3.3). Light."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from statistics import mean
from typing import Any

from sernas.search.strategy import Ranking
from sernas.space.choices import Architecture, SearchSpace

MUTATED = 0.1  # of the parts of an architecture; Guo et al. 2020, section 4
TRIES = 10  # a path of a generation, until one is drawn that was not scored before

Names = tuple[str, ...]
"""An architecture: its operations, in the order of the space's layers."""


class Evolution:
    """The paths that were scored, each once, in generations.

    It goes on within a generation from what :meth:`state_dict` gave.

    Args:
        space: of the paths.
        rng: of all that is random.
    """

    def __init__(self, space: SearchSpace, rng: Random):
        self.space, self.rng = space, rng
        self._losses: dict[Names, float] = {}
        self._present: list[Names] = []  # of the generation that has begun

    def generation(
        self, ranking: Ranking, loss_of: Callable[[Architecture], float]
    ) -> float | None:
        """Score one more; the mean loss of its paths, None if all that there are were scored."""
        if not self._present:
            self._present = self._next(ranking)
        for names in self._present:
            if names not in self._losses:
                self._losses[names] = loss_of(self._architecture(names))
        losses = [self._losses[names] for names in self._present]
        self._present = []
        return mean(losses) if losses else None

    @property
    def least(self) -> float:
        """The loss of the best path so far."""
        return min(self._losses.values())

    def best(self, count: int = 1) -> list[dict[str, str]]:
        """The paths of least loss; of equals the first that was scored."""
        ranked = sorted(self._losses, key=self._losses.get)
        return [self._architecture(names) for names in ranked[:count]]

    def shares(self, ranking: Ranking) -> dict[str, list[float]]:
        """How frequent each candidate of a layer is among the parents."""
        parents = self.best(ranking.parents)
        return {
            choice.layer: [
                sum(parent[choice.layer] == name for parent in parents) / len(parents)
                for name in choice.candidates
            ]
            for choice in self.space.choices
        }

    def state_dict(self) -> dict[str, Any]:
        return {"losses": dict(self._losses), "present": list(self._present)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._losses, self._present = dict(state["losses"]), list(state["present"])

    def _next(self, ranking: Ranking) -> list[Names]:
        """Paths that were not scored before, as many as there are to be if there are so many.

        Half are children of two of the best, each part of either (crossover), half are one of the
        best of which some parts are drawn anew (mutation). What these leave missing is drawn, as is
        the first generation.
        """
        new: dict[Names, None] = {}

        def fill(count: int, make: Callable[[], Architecture]) -> None:
            for _ in range(TRIES * ranking.population):
                if len(new) == count:
                    break
                made = make()
                names = tuple(made[layer] for layer in self.space.layers)
                if names not in self._losses:
                    new[names] = None

        space, rng = self.space, self.rng
        parents = self.best(ranking.parents)
        if parents and ranking.evolving:
            half = ranking.population // 2
            fill(half, lambda: space.crossed(*rng.choices(parents, k=2), 0.5, rng))
            fill(
                2 * half,
                lambda: space.crossed(rng.choice(parents), space.draw(rng), MUTATED, rng),
            )
        fill(ranking.population, lambda: space.draw(rng))
        return list(new)

    def _architecture(self, names: Names) -> dict[str, str]:
        return dict(zip(self.space.layers, names, strict=True))
