"""Successive halving by numbers: how many candidates train, and how long. Light.

Jamieson and Talwalkar 2016, "Non-stochastic best arm identification": all candidates train for a
rung, the better half of them for another, and so on to the last one. Their rungs cost alike; ours
have equal numbers of epochs, which leaves more candidates for the same compute.
"""

from __future__ import annotations

from typing import NamedTuple


class Rung(NamedTuple):
    """``candidates`` train until each has ``epochs`` behind it, those of earlier rungs included."""

    candidates: int
    epochs: int


def rungs(candidates: int, epochs: int) -> list[Rung]:
    """Those that lead from ``candidates``, a power of two, to one trained for all of its epochs.

    With 2^k candidates there are k + 1 rungs of ``epochs // (k + 1)`` each; the last, of one
    candidate, has the epochs that remain.
    """
    halvings = candidates.bit_length() - 1
    each = epochs // (halvings + 1)
    before = [Rung(candidates >> i, each * (i + 1)) for i in range(halvings)]
    return [*before, Rung(1, epochs)]


def epochs_in_all(candidates: int, epochs: int) -> int:
    """Of all candidates on all rungs."""
    total, behind = 0, 0
    for rung in rungs(candidates, epochs):
        total += rung.candidates * (rung.epochs - behind)
        behind = rung.epochs
    return total


def most_candidates(epochs: int, trainings: int) -> int:
    """The greatest power of two whose rungs, of an epoch at least, take no more epochs in all than
    so many trainings of ``epochs`` do."""
    budget = epochs * trainings
    halvings = range(min(epochs, budget.bit_length()))  # a candidate is an epoch at least
    return max(2**k for k in halvings if epochs_in_all(2**k, epochs) <= budget)
