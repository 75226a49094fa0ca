"""Train a supernet by a strategy and derive an architecture (Wu et al. 2022, section 2)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import torch
from torch import Tensor

from sernas.base.errors import SettingsError
from sernas.base.interrupts import stop_if_asked
from sernas.base.seeds import rng_of, seed_of
from sernas.folds.fold import Fold
from sernas.folds.network_input import Input
from sernas.folds.segments import SegmentData, batches
from sernas.models import build_supernet
from sernas.search.history import record
from sernas.search.strategies import STRATEGIES, everything
from sernas.search.supernet import Supernet
from sernas.search.unrolled import Loss, ahead, unrolled_gradients
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.space.cells import WATCHED
from sernas.space.choices import Architecture
from sernas.space.mix import Mixing
from sernas.systems.card import search_space
from sernas.training.epoch import (
    adam,
    descend,
    loaded,
    loss_of,
    mean_over_segments,
    optimizer_of,
    set_rate,
)
from sernas.training.resumable import Run
from sernas.training.schedule import Schedule

Batch = tuple[Input, Tensor]
"""An input x of (B, C, F, T) and labels (B,)."""


@dataclass(frozen=True)
class Found:
    """What a search found: the derived architecture, and its history, a row an epoch."""

    architecture: dict[str, str]
    history: list[dict]


class Search(Run):
    """One search: a system's supernet, trained on one fold by one strategy.

    What trains the architecture weights is the strategy's: see :mod:`sernas.search.strategies`.
    Bilevel strategies train the operations first, and then the architecture weights, or both in
    turn (``search.bilevel``).

    Args:
        seed: what all randomness of this search follows from.
        probe: the architecture whose training loss with inherited weights is followed (Fig. 3b).

    Raises:
        SettingsError: there is nothing to search.
    """

    name = "search"

    def __init__(
        self,
        strategy: str,
        system: str,
        fold: Fold,
        optimisation: OptimisationSettings,
        settings: SearchSettings,
        space: SpaceSettings,
        seed: int,
        probe: Architecture,
        device: torch.device,
    ):
        self.strategy, self.settings = STRATEGIES[strategy], settings
        self.alternating = self.strategy.alternating or (
            self.strategy.bilevel and settings.bilevel == "alternating"
        )
        second = self.strategy.bilevel and not self.alternating
        epochs = settings.epochs + (settings.architecture_epochs if second else 0)
        super().__init__(fold, epochs, optimisation, seed, device)
        self._names = (strategy, system)
        self._space, self._probe = space, dict(probe)
        if not search_space(system, space).choices:
            raise SettingsError(
                f"{system} is made by hand, so that {strategy} has nothing to choose; "
                "give it the strategy none"
            )
        torch.manual_seed(seed_of(seed, "weights"))
        self.supernet = Supernet(
            build_supernet(
                system,
                inputs=fold.inputs,
                n_classes=len(fold.emotions),
                settings=space,
            )
        ).to(device)
        self.probe = self.supernet.path(probe)
        self.rng = rng_of(seed, "mixing")
        self.schedule = Schedule(optimisation, settings.epochs)
        # joint: one Adam for both (section 2.1)
        operations = list(self.supernet.system.parameters())
        architecture = list(self.supernet.logits.values())
        together = operations if self.strategy.bilevel else operations + architecture
        self.optimizer = optimizer_of(together, optimisation)
        self.architecture_optimizer = adam(
            architecture,
            settings.architecture_learning_rate,
            settings.architecture_betas,
            settings.architecture_weight_decay,
        )
        self.parts |= {
            "supernet": self.supernet,
            "optimizer": self.optimizer,
            "architecture_optimizer": self.architecture_optimizer,
            "schedule": self.schedule,
        }

    def run(self, folder: Path | None = None) -> Found:
        """Train and derive, or go on with what is in ``folder``; see :meth:`Run.complete`."""
        self.complete(folder)
        return Found(self.supernet.derive(), self.history)

    def epoch(self) -> dict:
        number = len(self.history) + 1
        if number <= self.settings.epochs:
            return self.operation_epoch(number)
        return self.architecture_epoch(number - self.settings.epochs)

    def operation_epoch(self, number: int) -> dict:
        """The weights W; alternating, one of the architecture weights precedes each step."""
        validation = self._endless(number) if self.alternating else None

        def step(x: Input, y: Tensor) -> Tensor:
            if validation is not None and self.strategy.unrolled:
                self.unrolled_step(next(validation), (x, y))
            elif validation is not None:
                self.architecture_step(*next(validation))
            return self.operation_step(x, y)

        rate = self.lowered(self.schedule.rate)
        set_rate(self.optimizer, rate)
        set_rate(
            self.architecture_optimizer, self.lowered(self.settings.architecture_learning_rate)
        )
        loss = self.run_epoch(self.training, step, rate)
        probe = self.probe_loss(self.training)
        self.schedule.end_epoch(loss)
        return self._row("weights", number, loss, rate, probe)

    def architecture_epoch(self, number: int) -> dict:
        """The architecture weights on validation data, W frozen and nothing masked (Eq. 3)."""
        rate = self.lowered(self.settings.architecture_learning_rate)
        set_rate(self.architecture_optimizer, rate)
        loss = self.run_epoch(self.validation, self.architecture_step, rate)
        return self._row("architecture", number, loss, rate, None)

    def operation_step(self, x: Input, y: Tensor) -> Tensor:
        """One step of the operations' weights (and for joint, of the architecture weights)."""
        weights = self.supernet.weights()
        if self.strategy.bilevel:
            weights = {layer: a.detach() for layer, a in weights.items()}
        mixing = self.strategy.mixing(self.supernet.space, weights, self.settings, self.rng)
        return descend(self._loss(x, y, mixing), self.optimizer, self.optimisation.clip)

    def architecture_step(self, x: Input, y: Tensor) -> Tensor:
        """One step of the architecture weights; those of the operations stay, and of their
        gradients none is computed."""
        mixing = everything(self.supernet.weights())
        self.supernet.system.requires_grad_(False)
        try:
            return descend(self._loss(x, y, mixing), self.architecture_optimizer)
        finally:
            self.supernet.system.requires_grad_(True)

    def unrolled_step(self, validation: Batch, training: Batch) -> None:
        """One step of the architecture weights that looks one step of the operations ahead."""

        def loss(batch: Batch) -> Loss:
            return lambda: self._loss(*batch, everything(self.supernet.weights()))

        (group,) = self.optimizer.param_groups
        logits = list(self.supernet.logits.values())
        gradients = unrolled_gradients(
            loss(validation),
            loss(training),
            logits,
            group["params"],
            partial(ahead, self.optimizer),
            group["lr"],
        )
        for a, gradient in zip(logits, gradients, strict=True):
            a.grad = gradient
        self.architecture_optimizer.step()

    def over(self) -> bool:
        """Whether all epochs are there, or skip connections have taken over a cell."""
        last = self.history[-1] if self.history else {}
        skips = max(last.get(f"skips/{kind}", 0) for kind in WATCHED)
        most = self.settings.stop_at_skips
        return super().over() or (most is not None and skips >= most)

    @torch.no_grad()
    def probe_loss(self, data: SegmentData) -> float:
        """The mean training loss of the probe with inherited weights, nothing dropped out."""
        self.supernet.eval()
        order = torch.Generator().manual_seed(0)
        indices, losses = list(batches(len(data), self.optimisation.batch_size, order)), []
        for x, y in loaded(data, indices, self.device):
            losses.append(self._loss(x, y, self.probe))
            stop_if_asked()
        self.supernet.train()
        return mean_over_segments(torch.stack(losses).cpu(), indices)

    @cached_property
    def training(self) -> SegmentData:
        """What the operations are trained on."""
        return self.fold.segments("train").to(self.device)

    @cached_property
    def validation(self) -> SegmentData:
        """What the architecture weights of bilevel strategies are trained on."""
        return self.fold.segments("validation").to(self.device)

    def identity(self) -> tuple:
        return (*self._names, self.settings, self._space, sorted(self._probe.items()))

    def tensors(self) -> list[Tensor]:
        return list(self.supernet.parameters())

    def state(self) -> dict:
        return super().state() | {"mixing": self.rng.getstate()}

    def restore(self, state: dict) -> None:
        super().restore(state)
        self.rng.setstate(state["mixing"])

    def _loss(self, x: Input, y: Tensor, mixing: Mixing) -> Tensor:
        return loss_of(self.supernet, x, y, self.optimisation.precision, mixing)

    def _endless(self, epoch: int) -> Iterator[Batch]:
        """Batches of the validation speaker, one pass after another, but for those whose steps the
        epoch has behind it."""
        order = torch.Generator().manual_seed(seed_of(self.seed, "validation", epoch))
        behind = self.order.steps
        while True:
            indices = list(batches(len(self.validation), self.optimisation.batch_size, order))
            yield from loaded(self.validation, indices[behind:], self.device)
            behind = max(0, behind - len(indices))

    def _row(self, stage: str, epoch: int, loss: float, rate: float, probe: float | None) -> dict:
        logging.info("%s, epoch %d: loss %.4f, learning rate %g", stage, epoch, loss, rate)
        return record(self.supernet, stage, epoch, loss, rate, probe)
