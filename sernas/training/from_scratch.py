"""Train one architecture from scratch and keep its best epoch (Wu et al. 2022, section 4.2)."""

from __future__ import annotations

import copy
import dataclasses
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sernas.base.costs import Cost, total
from sernas.base.digests import Code
from sernas.base.seeds import seed_of
from sernas.evaluation.inference import score
from sernas.folds.fold import Fold
from sernas.folds.network_input import Input
from sernas.models import build_system
from sernas.models.system import System
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.space.choices import Architecture
from sernas.systems.code import code_of_system
from sernas.training.epoch import descend, loss_of, optimizer_of, set_rate
from sernas.training.resumable import Run
from sernas.training.schedule import Schedule


@dataclass(frozen=True)
class Trained:
    """A trained network with the weights of its best epoch, and its history, a row an epoch.

    Attributes:
        validation_wa: accuracy over the validation speaker's whole utterances, a fraction.
        cost: see :meth:`Meter.cost`.
    """

    network: System
    architecture: dict[str, str]
    validation_wa: float
    epoch: int
    history: list[dict]
    cost: Cost = field(compare=False)


class Training(Run):
    """One architecture on a fold's training segments, from scratch.

    The epoch with the best WA on the validation speaker's whole utterances is kept, the earliest of
    equals. Test data is not read.
    """

    name = "train"

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
    ):
        super().__init__(fold, settings.epochs, optimisation, seed, device)
        self.system, self.architecture, self.space = system, dict(architecture), space
        torch.manual_seed(seed_of(seed, "weights"))
        self.network = build_system(
            system,
            inputs=fold.inputs,
            architecture=architecture,
            n_classes=len(fold.emotions),
            settings=space,
        ).to(device)
        torch.manual_seed(seed_of(seed, "dropout"))
        self.data = fold.segments("train").to(device)
        self.validation = fold.utterances("validation").to(device)
        self.schedule = Schedule(optimisation, settings.epochs)
        self.optimizer = optimizer_of(self.network.parameters(), optimisation)
        self.parts |= {
            "network": self.network,
            "optimizer": self.optimizer,
            "schedule": self.schedule,
        }
        self.best, self.best_weights = (-1.0, 0), {}

    def train(self, folder: Path | None = None) -> Trained:
        """Train, or go on with what is in ``folder``; see :meth:`Run.complete`."""
        self.complete(folder)
        self.network.load_state_dict(self.best_weights)
        return Trained(self.network, self.architecture, *self.best, self.history, self.cost())

    def epoch(self) -> dict:
        rate = self.lowered(self.schedule.rate)
        set_rate(self.optimizer, rate)
        loss = self.run_epoch(self.data, self._step, rate)
        scores = score(self.network, self.validation, self.device)
        wa = float((scores.argmax(1) == self.validation.labels).double().mean())
        number = len(self.history) + 1
        logging.info("epoch %d: loss %.4f, validation WA %.2f %%", number, loss, 100 * wa)
        if wa > self.best[0]:
            self.best, self.best_weights = (wa, number), copy.deepcopy(self.network.state_dict())
        self.schedule.end_epoch(loss)
        return {
            "epoch": number,
            "loss": loss,
            "learning_rate": rate,
            "validation_loss": float(cross_entropy(scores, self.validation.labels)),
            "validation_wa": wa,
        }

    def _step(self, x: Input, y: Tensor) -> Tensor:
        loss = loss_of(self.network, x, y, self.optimisation.precision)
        return descend(loss, self.optimizer, self.optimisation.clip)

    def identity(self) -> tuple:
        return (self.system, sorted(self.architecture.items()), self.space)

    def code(self) -> tuple[Code, ...]:
        return code_of_system(self.system, self.space)

    def tensors(self) -> list[Tensor]:
        return list(self.network.parameters())

    def state(self) -> dict:
        return super().state() | {"best": self.best, "best_weights": self.best_weights}

    def restore(self, state: dict) -> None:
        super().restore(state)
        self.best, self.best_weights = tuple(state["best"]), state["best_weights"]


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
    """Architectures of a system that are to be trained on a fold, and how."""

    system: str
    architectures: Sequence[Architecture]
    fold: Fold
    settings: TrainingSettings
    optimisation: OptimisationSettings
    space: SpaceSettings
    seed: int
    device: torch.device

    def trainings(self) -> list[Callable[[], Training]]:
        """What makes the training of each; so many at once would take much memory."""
        return [
            partial(
                Training,
                self.system,
                architecture,
                self.fold,
                self.settings,
                self.optimisation,
                self.space,
                seed,
                self.device,
            )
            for architecture, seed in zip(
                self.architectures, seeds_of(self.architectures, self.seed), strict=True
            )
        ]


def train_best(candidates: Candidates, folder: Path | None = None) -> Trained:
    """Train each architecture and keep the one with the best validation WA.

    The history is that of all, told apart by ``candidate``, and the cost that of all.

    Args:
        folder: for checkpoints, from which those go on that were begun.

    Raises:
        TrainingError: one of them diverged.
    """
    trained = [
        make().train(folder and folder / f"candidate{number}")
        for number, make in enumerate(candidates.trainings(), 1)
    ]
    best = max(trained, key=lambda t: t.validation_wa)  # the first of equals
    history = [{"candidate": i, **row} for i, t in enumerate(trained, 1) for row in t.history]
    return dataclasses.replace(best, history=history, cost=total([t.cost for t in trained]))
