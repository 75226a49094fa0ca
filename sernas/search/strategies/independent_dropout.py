"""Dropout of each operation by itself, with which Wu et al. 2022 compare theirs."""

from __future__ import annotations

from sernas.search.strategies.dropout import PathDropout
from sernas.search.strategy import STRATEGIES


class IndependentDropout(PathDropout):
    """As path dropout, but each candidate is masked with probability masked / N.

    As many are masked on average, and the others are scaled as there, by 1 / (1 - masked / N). In a
    step a layer may have any number of candidates, even none: then its output is zero. With
    ``search.mixture: plain`` its scale therefore changes from step to step, the instability that
    the paper reports (section 2.2); with ``unit`` only what it consists of does, and whether it is
    empty.
    """

    name = "independent_dropout"
    how = "as dropout, but each operation left out independently, as often on average"

    def masked(self, n, number, rng):
        return {i for i in range(n) if rng.random() < number / n}


STRATEGIES.add(IndependentDropout())
