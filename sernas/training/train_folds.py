"""Train on each of some folds, and keep the networks and what there is to say of them in files."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import torch

from sernas.base.files import read_json, write_csv, write_text
from sernas.base.seeds import seed_of
from sernas.folds.fold import Fold
from sernas.models.model_file import Description, save_model
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.training.devices import device_name
from sernas.training.from_scratch import Candidates, Trained, train_best
from sernas.training.on_both import trained_on_both
from sernas.training.together import train_best_of_each


def train_folds(
    strategy: str,
    system: str,
    folds: Iterable[Fold],
    numbers: Sequence[int],
    settings: TrainingSettings,
    optimisation: OptimisationSettings,
    space: SpaceSettings,
    seed: int,
    device: torch.device,
    resume: str | Path,
    architectures: Sequence[str | Path],
    models: Sequence[str | Path],
    summaries: Sequence[str | Path],
    histories: Sequence[str | Path],
    costs: Sequence[str | Path],
    trainer: Callable[[Candidates, Path], Trained],
    at_once: int = 1,
) -> None:
    """Train each fold's candidate architectures, and keep the best on validation data.

    Args:
        strategy: whose the candidates are; the networks do not depend on its name.
        numbers: of the folds.
        seed: of the run.
        resume: folder of what is there to go on from; it is removed in the end.
        architectures: a JSON file a fold, of a list of the candidates.
        models: a model file a fold; see :func:`save_model`.
        summaries: a JSON file a fold; see :func:`result_files.read_summaries`.
        histories: a CSV file a fold, of all candidates; see :func:`from_scratch.train_best`.
        costs: a JSON file a fold, of all candidates; see :meth:`Meter.cost`.
        trainer: of the row: that function, or another of its signature.
        at_once: networks of all folds that are trained at a time, if that function trains them.

    Raises:
        TrainingError: a training diverged.
        Interrupted: a signal asks the job to end.
    """
    each = (
        Candidates(
            system,
            read_json(architecture),
            fold,
            settings,
            optimisation,
            space,
            seed_of(seed, "train", system, number),
            device,
        )
        for number, fold, architecture in zip(numbers, folds, architectures, strict=True)
    )
    places = [Path(resume, f"fold{number}") for number in numbers]
    logging.info("%s, %s", system, strategy)
    for number, (fold, best), model, summary, history, cost in zip(
        numbers,
        _trained(each, places, settings, trainer, at_once),
        models,
        summaries,
        histories,
        costs,
        strict=True,
    ):
        speakers = fold.speakers("train", "validation")
        description = Description(
            system, best.architecture, fold.inputs, fold.emotions, space, speakers
        )
        save_model(model, best.network, description)
        about = {
            "system": system,
            "strategy": strategy,
            "seed": seed,
            "fold": number,
            "params": best.network.parameter_count(),
            "architecture": best.architecture,
            "validation_wa": best.validation_wa,
            "epoch": best.epoch,
            "device": device_name(device),
            "precision": optimisation.precision,
            "on_both": settings.on_both,
        }
        write_text(summary, json.dumps(about, indent=1))
        write_csv(pd.DataFrame(best.history), history)
        write_text(cost, json.dumps(best.cost))
    if Path(resume).exists():
        shutil.rmtree(resume)  # not before all is written, which a kill else undoes


def _trained(
    candidates: Iterable[Candidates],
    places: Sequence[Path],
    settings: TrainingSettings,
    trainer: Callable[[Candidates, Path], Trained],
    at_once: int,
) -> Iterator[tuple[Fold, Trained]]:
    """Each fold and its best, one fold after another where no networks are trained together."""
    together = at_once > 1 and trainer is train_best

    def train(some: Sequence[Candidates], at: Sequence[Path]) -> Sequence[Trained]:
        if together:
            return train_best_of_each(some, at, at_once)
        return [trainer(each, place) for each, place in zip(some, at, strict=True)]

    every = zip(candidates, places, strict=True)
    for group in [list(every)] if together else ([each] for each in every):
        some, at = zip(*group, strict=True)
        logging.info("%s", ", ".join(place.name for place in at))
        best = trained_on_both(some, at, train) if settings.on_both else train(some, at)
        yield from zip((each.fold for each in some), best, strict=True)
