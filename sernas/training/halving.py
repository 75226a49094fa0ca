"""Train candidates by successive halving (Jamieson and Talwalkar 2016)."""

from __future__ import annotations

import dataclasses
import logging
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from sernas.base.costs import total
from sernas.training.from_scratch import Candidates, Trained
from sernas.training.rungs import rungs
from sernas.training.selection import kept


def train_by_halving(candidates: Candidates, folder: Path | None = None) -> Trained:
    """Train the architectures rung by rung, the better half of them on; see :func:`rungs.rungs`.

    What counts is the WA on validation speakers of what would be kept if the rung was the last, of
    equals the first. Whoever goes on continues the same training at the same rates, so that the
    last one ends as if it had been trained alone. As from :func:`train_best`, history and cost are
    those of all, in as far as they were trained.

    Args:
        candidates: a power of two.
        folder: for checkpoints, in which candidates wait for the next rung; None: one that is then
            removed.

    Raises:
        TrainingError: one of them diverged.
    """
    begin = candidates.trainings()
    left, reached, costs = range(len(begin)), {}, {}
    with nullcontext(folder) if folder else TemporaryDirectory() as place:
        folders = [Path(place, f"candidate{number}") for number in range(1, len(begin) + 1)]
        for rung in rungs(len(begin), candidates.settings.epochs):
            logging.info("%d candidates up to epoch %d", *rung)
            left = sorted(left[: rung.candidates])
            for i in left:
                training = begin[i]()
                training.complete(folders[i], rung.epochs)
                # one that was stopped on a later rung comes back with more
                reached[i], costs[i] = training.history[: rung.epochs], training.cost()
            left.sort(key=lambda i: -kept(reached[i], candidates.settings.select)["validation_wa"])
        (last,) = left
        trained = begin[last]().train(folders[last])
    history = [
        {"candidate": i, **row} for i, rows in enumerate(reached.values(), 1) for row in rows
    ]
    return dataclasses.replace(trained, history=history, cost=total(list(costs.values())))
