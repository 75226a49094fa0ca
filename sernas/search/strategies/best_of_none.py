"""As many trainings of the hand-made architecture as random search has: a control."""

from __future__ import annotations

from sernas.search.strategy import STRATEGIES, DirectStrategy


class BestOfHandMade(DirectStrategy):
    """What choosing among trainings is worth, where there is no architecture to choose.

    The first is that of ``none``; see :func:`sernas.training.from_scratch.seeds_of`.
    """

    name = "best_of_none"
    how = (
        "the best on validation data of as many trainings of the hand-made architecture as "
        "`random` has candidates"
    )

    def applies(self, space):
        return space.hand_made

    def number(self, random_candidates, epochs):
        return random_candidates

    def candidates(self, space, number, rng):
        return [space.baseline] * number


STRATEGIES.add(BestOfHandMade())
