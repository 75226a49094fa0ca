"""No search."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, DirectStrategy


class HandMade(DirectStrategy):
    """The paper's hand-made architecture."""

    name = "none"
    how = "the paper's hand-made architecture"

    def applies(self, space):
        return space.hand_made

    def candidates(self, space, random_candidates, rng):
        return [space.baseline]


STRATEGIES.add(HandMade())
