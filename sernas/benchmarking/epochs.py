"""What epochs take in the loop itself: batches, scoring and checkpoints included."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import pandas as pd
import torch

from sernas.benchmarking.cases import taken
from sernas.benchmarking.noise_corpus import noise_folds
from sernas.benchmarking.options import Options
from sernas.benchmarking.projection import (
    RATE,
    TRAINING,
    projected,
    protocol_of,
    role_of,
    searches,
)
from sernas.benchmarking.timing import table
from sernas.experiments.experiment import EXPERIMENTS
from sernas.folds.fold import Fold
from sernas.plan.configuration import Settings
from sernas.search.supernet_search import Search
from sernas.settings.training import OptimisationSettings
from sernas.systems.card import SYSTEMS, search_space
from sernas.training.devices import allow_tf32, resolved
from sernas.training.from_scratch import Training
from sernas.training.resumable import Run

EPOCHS = 3
"""Of a training, and of each stage of a search; the first of them warms up."""


class Measured(NamedTuple):
    """The systems whose epochs are timed, and how many of IEMOCAP's utterances they are of; see
    :func:`noise_folds`."""

    systems: Sequence[str]
    share: float


MEASURED = {
    "wu2022": Measured(("cnn_rnn_att", "cnn_seqcap"), 1 / 6),
    "rajapakshe2023": Measured(
        ("cnn_lstm", "darts_cnn_lstm_c4_l1", "darts_cnn_lstm_c8_l1"), 1 / 16
    ),
}


def measure(
    options: Options,
    experiment: str,
    measured: Measured | None = None,
    changes: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Epochs of an experiment's training and searches as ``config/iemocap.yaml`` has them, and the
    hours of all of its table that follow.

    Segments a second are of the training data, or, where a stage trains architecture weights alone,
    of the validation data. Steps have their share of the epoch as ratio.

    Args:
        measured: in place of the experiment's own of ``MEASURED``.
        changes: of the configuration.
    """
    systems, share = measured or MEASURED[experiment]
    settings = protocol_of(experiment, changes or {})
    name = f"epochs_{EXPERIMENTS[experiment].table}"
    with noise_folds(settings, share) as [fold]:
        cases = {
            SYSTEMS[system].title: partial(epochs_of, name, system, settings, fold, options)
            for system in systems
        }
        rows = taken(name, cases, options)
    hours = partial(projected, rows, name, settings, systems, options)
    last = replace(options, seconds=math.inf)  # it takes none
    hours = taken(name, {EXPERIMENTS[experiment].title: hours}, last)
    return pd.concat([rows, hours], ignore_index=True)


def epochs_of(
    name: str, system: str, settings: Settings, fold: Fold, options: Options, until: float
) -> pd.DataFrame:
    """Rows of a system's training, and of each stage of each of its searches."""
    optimisation = resolved(settings.of(system).optimisation, options.device)
    allow_tf32(optimisation.precision)
    label = f"{SYSTEMS[system].title}, {settings.features.n_bins} bins, "
    label += f"batch {optimisation.batch_size}, {optimisation.precision}"
    segments = {role: len(fold.segments(role)) for role in ("train", "validation")}
    tables = []
    for kind, make in runs(system, settings, optimisation, fold, options.device).items():
        run = make()
        epochs = watched(run)
        stages = getattr(run, "stages", [None])
        for number, stage in enumerate(stages):
            timed = epochs[number * EPOCHS : (number + 1) * EPOCHS][1:]
            seconds, of_steps = zip(*timed, strict=True)
            variant = f"{kind}, {stage.name}" if stage else kind
            held = {variant: run.cost()["peak_mb"]}
            scale = {"inverse": True, "scale": segments[role_of(stage) if stage else "train"]}
            rate = {variant: seconds}
            tables.append(
                table(name, label, rate, RATE, variant, peaks=held, **scale, **options.place)
            )
            shares = {variant: seconds, f"{variant}, its steps": of_steps}
            tables.append(table(name, label, shares, "ms", variant, **options.place)[1:])
    return pd.concat(tables)


def runs(
    system: str,
    settings: Settings,
    optimisation: OptimisationSettings,
    fold: Fold,
    device: torch.device,
) -> dict[str, Callable[[], Run]]:
    """What makes each, by name; of ``EPOCHS``."""
    drawn = search_space(system, settings.space).draw(random.Random(0))
    training = replace(settings.of(system).training, epochs=EPOCHS)
    search = replace(settings.search, epochs=EPOCHS, architecture_epochs=EPOCHS, generations=EPOCHS)
    last = (settings.space, 0)
    made = {TRAINING: partial(Training, system, drawn, fold, training, optimisation, *last, device)}
    for strategy in searches(settings, system):
        arguments = (strategy, system, fold, optimisation, search, *last, drawn, device)
        made[strategy] = partial(Search, *arguments)
    return made


def watched(run: Run) -> list[tuple[float, float]]:
    """Complete a run; of each epoch the seconds until the next one began, and those of its steps.

    What is between epochs, such as checkpoints, so counts with the one before.
    """
    begun: list[float] = []
    of_steps: list[float] = []
    epoch, run_epoch = run.epoch, run.run_epoch

    def timed_epoch() -> dict:
        begun.append(perf_counter())
        of_steps.append(0.0)
        return epoch()

    def timed_steps(*arguments) -> float:
        began = perf_counter()
        loss = run_epoch(*arguments)  # which waits for the device
        of_steps[-1] += perf_counter() - began
        return loss

    run.epoch, run.run_epoch = timed_epoch, timed_steps
    with TemporaryDirectory() as folder:
        run.complete(Path(folder))
        ends = [*begun[1:], perf_counter()]
    return [(end - began, steps) for began, end, steps in zip(begun, ends, of_steps, strict=True)]
