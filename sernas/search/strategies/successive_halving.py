"""Successive halving of random architectures (Jamieson and Talwalkar 2016): a control."""

from __future__ import annotations

from sernas.search.strategies.random import RandomSearch
from sernas.search.strategy import STRATEGIES
from sernas.training.rungs import epochs_in_all, most_candidates


class SuccessiveHalving(RandomSearch):
    """More architectures than random search has, most of them trained for less: no more compute."""

    name = "successive_halving"
    how = (
        "drawn uniformly; after each of some rungs the better half on validation data is trained "
        "on, with no more epochs in all than `random`"
    )
    trainer = "sernas.training.halving:train_by_halving"

    def number(self, random_candidates, epochs):
        return most_candidates(epochs, random_candidates)

    def training_epochs(self, random_candidates, epochs):
        return epochs_in_all(self.number(random_candidates, epochs), epochs)


STRATEGIES.add(SuccessiveHalving())
