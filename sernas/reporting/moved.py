"""Whether a search has moved: else the architecture that it derives is a draw of lots.

The criteria are ours. Architecture weights have moved if in some layer they are further from where
they began, all alike, than noise takes them, and if it shows: Adam's steps are at most about its
rate, so that n steps of gradients without direction take a logit about ``rate * sqrt(n)`` away, and
steady ones up to ``rate * n``. And the supernet must have learned something: of one that guesses
the gradients may have a direction, which says nothing of its candidates. Paths that are ranked have
moved if the best of them is clearly better than those drawn at first are on average, and than a
guess: the least loss of many always is a little less, of a supernet that has learned nothing too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sernas.reporting.cell_weights import candidates_of, layers_of

BEYOND = 3  # times what a random walk would be
SHOWS = 1.1  # of the largest weight, as a multiple of the uniform one
BETTER = 0.05  # of these losses


def has_moved(history: pd.DataFrame, classes: int) -> bool:
    """Whether a search has moved.

    Args:
        history: see :func:`sernas.search.history.record`.
        classes: the loss of a guess is the logarithm of their number.
    """
    ranked, guess = history[history["stage"] == "evolution"], np.log(classes)
    if len(ranked):
        first, best = ranked["paths_loss"].iloc[0], ranked["loss"].iloc[-1]
        return bool(best < (1 - BETTER) * min(first, guess))
    losses = history[["mixture_loss", "paths_loss"]].ffill().iloc[-1]
    if losses.min() > (1 - BETTER) * guess:
        return False
    noise = np.sqrt((history["wander"] ** 2).sum())
    return any(
        displacement(weights) > BEYOND * noise and len(weights) * weights.max() > SHOWS
        for weights in last_weights(history).values()
    )


def last_weights(history: pd.DataFrame) -> dict[str, np.ndarray]:
    """The weights (N,) of each layer's candidates after the last epoch."""
    last = history.iloc[-1]
    return {
        layer: np.array(
            [last[f"weight/{layer}/{name}"] for name in candidates_of(history, layer)], dtype=float
        )
        for layer in layers_of(history)
    }


def displacement(weights: np.ndarray) -> float:
    """How far logits are from all alike, (N,) softmax weights: the rms of those whose mean is 0."""
    logits = np.log(np.maximum(weights, np.finfo(float).tiny))
    return float(np.std(logits))
