"""Random search."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, DirectStrategy


class RandomSearch(DirectStrategy):
    """Architectures drawn uniformly."""

    name = "random"
    how = "the best on validation data of some drawn uniformly"

    def candidates(self, space, random_candidates, rng):
        return [space.draw(rng) for _ in range(random_candidates)]

    def trainings(self, random_candidates):
        return random_candidates


STRATEGIES.add(RandomSearch())
