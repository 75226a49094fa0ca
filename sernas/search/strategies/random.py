"""Random search."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, DirectStrategy


class RandomSearch(DirectStrategy):
    """Architectures drawn uniformly."""

    name = "random"
    how = "the best on validation data of some drawn uniformly"

    def number(self, random_candidates, epochs):
        return random_candidates

    def candidates(self, space, number, rng):
        return [space.draw(rng) for _ in range(number)]


STRATEGIES.add(RandomSearch())
