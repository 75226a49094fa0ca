"""Train candidates by successive halving (Jamieson and Talwalkar 2016)."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from sernas.base.costs import total
from sernas.folds.fold import Fold
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.space.choices import Architecture
from sernas.training.from_scratch import Trained, trainings_of
from sernas.training.rungs import rungs


def train_by_halving(
    system: str,
    architectures: Sequence[Architecture],
    fold: Fold,
    settings: TrainingSettings,
    optimisation: OptimisationSettings,
    space: SpaceSettings,
    seed: int,
    device: torch.device,
    folder: Path | None = None,
) -> Trained:
    """Train ``architectures`` rung by rung, the better half of them on; see :func:`rungs.rungs`.

    The best validation WA so far counts, of equals the first. Whoever goes on continues the same
    training at the same rates, so that the last one ends as if it had been trained alone. As from
    :func:`train_best`, history and cost are those of all, in as far as they were trained.

    Args:
        architectures: a power of two.
        folder: for checkpoints, in which candidates wait for the next rung; None: one that is then
            removed.

    Raises:
        TrainingError: one of them diverged.
    """
    begin = trainings_of(system, architectures, fold, settings, optimisation, space, seed, device)
    left, reached, costs = range(len(begin)), {}, {}
    with nullcontext(folder) if folder else TemporaryDirectory() as kept:
        folders = [Path(kept, f"candidate{number}") for number in range(1, len(begin) + 1)]
        for rung in rungs(len(begin), settings.epochs):
            logging.info("%d candidates up to epoch %d", *rung)
            left = sorted(left[: rung.candidates])
            for i in left:
                training = begin[i]()
                training.complete(folders[i], rung.epochs)
                # one that was stopped on a later rung comes back with more
                reached[i], costs[i] = training.history[: rung.epochs], training.cost()
            left.sort(key=lambda i: -max(row["validation_wa"] for row in reached[i]))
        (last,) = left
        trained = begin[last]().train(folders[last])
    history = [
        {"candidate": i, **row} for i, rows in enumerate(reached.values(), 1) for row in rows
    ]
    return dataclasses.replace(trained, history=history, cost=total(list(costs.values())))
