"""Train one architecture from scratch and keep its best epoch (Wu et al. 2022, section 4.2)."""

from __future__ import annotations

import copy
import dataclasses
import logging
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sernas.base.costs import Cost, total
from sernas.base.digests import Code
from sernas.base.seeds import seed_of
from sernas.evaluation.inference import score
from sernas.folds.fold import Fold
from sernas.folds.network_input import Input
from sernas.folds.segments import SegmentData, UtteranceData
from sernas.models import build_system
from sernas.models.system import System
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.space.choices import Architecture
from sernas.systems.code import code_of_system
from sernas.training.balance import class_weights
from sernas.training.descent import Descent
from sernas.training.epoch import optimizer_of, set_rate
from sernas.training.fitting import fit_parts
from sernas.training.mixup import mixed
from sernas.training.resumable import Run
from sernas.training.schedule import Schedule
from sernas.training.selection import kept


@dataclass(frozen=True)
class Trained:
    """A trained network with the weights that were kept, and its history, a row an epoch.

    Attributes:
        validation_wa: of these, accuracy over validation speakers' whole utterances, a fraction;
            NaN where there are none.
        epoch: whose they are.
        cost: see :meth:`Meter.cost`.
    """

    network: System
    architecture: dict[str, str]
    validation_wa: float
    epoch: int
    history: list[dict]
    cost: Cost = field(compare=False)


Data = tuple[SegmentData, UtteranceData | None]
"""What a training takes steps on, and what scores its epochs, if anything does."""

Weights = Mapping[str, Tensor]
"""The state of a network, by name."""


def opened(fold: Fold, device: torch.device) -> Data:
    """Training segments and validation utterances, on ``device`` if they fit there."""
    return fold.segments("train").to(device), scoring(fold, device)


def scoring(fold: Fold, device: torch.device) -> UtteranceData | None:
    """The validation utterances, if there are any, on ``device`` if they fit there."""
    return fold.utterances("validation").to(device) if fold.speakers("validation") else None


def validated(
    network: System, utterances: UtteranceData | None, device: torch.device
) -> tuple[float, float]:
    """Loss and WA of a network on whole utterances; NaN where there are none."""
    if utterances is None:
        return math.nan, math.nan
    scores, labels = score(network, utterances, device), utterances.labels
    wa = float((scores.argmax(1) == labels).double().mean())
    return float(cross_entropy(scores, labels)), wa


class Training(Run):
    """One architecture on a fold's training segments, from scratch.

    The epoch with the best WA on validation speakers' whole utterances is kept, the earliest of
    equals, or what ``training.select`` says; see :func:`sernas.training.selection.kept`. Test data
    is not read.

    Args:
        data: of the fold, where it is open already.
        weights: to begin with, in place of those that are drawn.

    Attributes:
        together: whether its steps are those of several networks, whose sums round otherwise; see
            :mod:`sernas.training.together`.
    """

    name = "train"
    together = False

    def __init__(
        self,
        system: str,
        architecture: Architecture,
        fold: Fold,
        settings: TrainingSettings,
        optimisation: OptimisationSettings,
        space: SpaceSettings,
        seed: int,
        device: torch.device,
        data: Data | None = None,
        weights: Weights | None = None,
    ):
        super().__init__(fold, settings.epochs, optimisation, seed, device)
        self.system, self.architecture, self.space = system, dict(architecture), space
        self.settings = settings
        torch.manual_seed(seed_of(seed, "weights"))
        self.network = build_system(
            system,
            inputs=fold.inputs,
            architecture=architecture,
            n_classes=len(fold.emotions),
            settings=space,
        ).to(device)
        if weights is not None:
            self.network.load_state_dict(weights)
        if settings.dropout:
            self.network.put_dropout(settings.dropout)
        torch.manual_seed(seed_of(seed, "dropout"))
        data, self.validation = data or opened(fold, device)
        self.data = copy.copy(data)  # crops are its own
        with self.meter.timed():
            fit_parts(self.network, fold, device)
        self.schedule = Schedule(optimisation, settings.epochs)
        self.optimizer = optimizer_of(self.network.parameters(), optimisation)
        self.descent = Descent(self.network, optimisation.precision)
        self.parts |= {
            "network": self.network,
            "optimizer": self.optimizer,
            "schedule": self.schedule,
        }
        weights = class_weights(self.data.labels, len(fold.emotions))
        if settings.balance != "loss":
            weights = torch.ones_like(weights)
        self.targets = weights.diag().to(device)  # a row a class
        self.best_weights = {}

    def train(self, folder: Path | None = None) -> Trained:
        """Train, or go on with what is in ``folder``; see :meth:`Run.complete`."""
        self.complete(folder)
        return self.result()

    def result(self) -> Trained:
        """What it came to, once it is over."""
        self.network.load_state_dict(self.best_weights)
        best = kept(self.history, self.settings.select)
        figures = best["validation_wa"], best["epoch"]
        return Trained(self.network, self.architecture, *figures, self.history, self.cost())

    def epoch(self) -> dict:
        rate = self.begin_epoch()
        return self.row(self.run_epoch(self.data, self._step, rate), rate)

    def begin_epoch(self) -> float:
        """Make ready for the steps of an epoch; its learning rate."""
        rate = self.lowered(self.schedule.rate)
        set_rate(self.optimizer, rate)
        if self.settings.crops == "random":
            self.data.crop(self._rng("crops"))
        return rate

    def row(self, loss: float, rate: float) -> dict:
        """That of the history of an epoch whose steps have been taken, scored here.

        Args:
            loss: their mean.
            rate: the learning rate.
        """
        number = len(self.history) + 1
        validation_loss, wa = validated(self.network, self.validation, self.device)
        said = f", validation WA {100 * wa:.2f} %" if self.validation else ""
        logging.info("%s, epoch %d: loss %.4f%s", self.name, number, loss, said)
        row = {
            "epoch": number,
            "loss": loss,
            "learning_rate": rate,
            "validation_loss": validation_loss,
            "validation_wa": wa,
        }
        if kept([*self.history, row], self.settings.select) is row:
            self.best_weights = copy.deepcopy(self.network.state_dict())
        self.schedule.end_epoch(loss)
        return row

    def _step(self, x: Input, y: Tensor) -> Tensor:
        return self.descent(*self.altered(x, y), self.optimizer, self.optimisation.clip)

    def take(self, x: Input, y: Tensor) -> Tensor:
        """A step, which is counted; its loss."""
        return self.meter.counted(self._step, "")(x, y)

    def altered(self, x: Input, y: Tensor) -> tuple[Input, Tensor]:
        """A batch as the settings have it; by default as it is."""
        settings = self.settings
        if settings.balance == "loss" or settings.mixup:
            y = self.targets[y]
        if not settings.mixup:
            return x, y
        return mixed(x, y, settings.mixup, self._rng("augmentation", self.order.steps))

    def _rng(self, *purpose: object) -> np.random.Generator:
        """That of an epoch and purpose: one that is taken up within an epoch draws the same."""
        return np.random.default_rng(seed_of(self.seed, len(self.history), *purpose))

    def identity(self) -> tuple:
        architecture = sorted(self.architecture.items())
        return (self.system, architecture, self.space, self.settings, self.together)

    def code(self) -> tuple[Code, ...]:
        code = code_of_system(self.system, self.space)
        return (*code, "sernas.training.together") if self.together else code

    def tensors(self) -> list[Tensor]:
        return list(self.network.parameters())

    def state(self) -> dict:
        return super().state() | {"best_weights": self.best_weights}

    def restore(self, state: dict) -> None:
        super().restore(state)
        self.best_weights = state["best_weights"]


def seeds_of(architectures: Sequence[Architecture], seed: int) -> list[int]:
    """The seed of each training: ``seed``, and where an architecture stands again another one.

    Of different architectures the order of batches is therefore one, and so are the initial weights
    that they share; equal ones have equal results, whoever chose them.
    """
    met: Counter = Counter()
    seeds = []
    for architecture in architectures:
        key = tuple(sorted(architecture.items()))
        seeds.append(seed_of(seed, met[key]) if met[key] else seed)
        met[key] += 1
    return seeds


@dataclass(frozen=True)
class Candidates:
    """Architectures of a system that are to be trained on a fold, and how.

    Attributes:
        weights: to begin with, in place of those that are drawn; where there is one architecture.
    """

    system: str
    architectures: Sequence[Architecture]
    fold: Fold
    settings: TrainingSettings
    optimisation: OptimisationSettings
    space: SpaceSettings
    seed: int
    device: torch.device
    weights: Weights | None = None

    def trainings(self) -> list[Callable[[], Training]]:
        """What makes the training of each; so many at once would take much memory."""
        seeds = seeds_of(self.architectures, self.seed)
        return [
            partial(self._training, architecture, seed)
            for architecture, seed in zip(self.architectures, seeds, strict=True)
        ]

    def _training(self, architecture: Architecture, seed: int) -> Training:
        how = self.settings, self.optimisation, self.space, seed, self.device
        return Training(self.system, architecture, self.fold, *how, self._data, self.weights)

    @cached_property
    def _data(self) -> Data:
        """That of the fold, for all."""
        return opened(self.fold, self.device)

    def folders(self, folder: Path | None) -> list[Path | None]:
        """For the checkpoints of each, in one for all."""
        numbers = range(1, len(self.architectures) + 1)
        return [folder and folder / f"candidate{number}" for number in numbers]


def train_best(candidates: Candidates, folder: Path | None = None) -> Trained:
    """Train each architecture and keep the best on validation speakers.

    The history is that of all, told apart by ``candidate``, and the cost that of all.

    Args:
        folder: for checkpoints, from which those go on that were begun.

    Raises:
        TrainingError: one of them diverged.
    """
    begun = zip(candidates.trainings(), candidates.folders(folder), strict=True)
    return best_of([make().train(at) for make, at in begun])


def best_of(trained: Sequence[Trained]) -> Trained:
    """The best of all candidates of a fold, with the history and the cost of all."""
    best = max(trained, key=lambda t: t.validation_wa)  # the first of equals
    history = [{"candidate": i, **row} for i, t in enumerate(trained, 1) for row in t.history]
    return dataclasses.replace(best, history=history, cost=total([t.cost for t in trained]))
