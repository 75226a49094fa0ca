"""No search."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, DirectStrategy


class HandMade(DirectStrategy):
    """The paper's hand-made architecture."""

    name = "none"
    how = "the paper's hand-made architecture"

    def applies(self, space):
        return space.hand_made

    def candidates(self, space, number, rng):
        return [space.baseline] * number


STRATEGIES.add(HandMade())
