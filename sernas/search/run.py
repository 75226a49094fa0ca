"""Train a supernet by a strategy and derive an architecture (Wu et al. 2022, section 2)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from tqdm import trange

from sernas.folds.fold import Fold
from sernas.folds.segments import SegmentData, batches
from sernas.models import build_supernet
from sernas.search.history import record
from sernas.search.strategies import STRATEGIES, everything
from sernas.search.supernet import Supernet
from sernas.seeding import rng_of, seed_of
from sernas.settings import OptimisationSettings, SearchSettings, SpaceSettings
from sernas.space.choices import Architecture
from sernas.space.mix import Mixing
from sernas.training.loop import adam, descend, loaded, loss_of, run_epoch, set_rate
from sernas.training.schedule import Schedule


@dataclass(frozen=True)
class Found:
    """What a search found: the derived architecture, and its history, a row an epoch."""

    architecture: dict[str, str]
    history: list[dict]


class Search:
    """One search: a system's supernet, trained on one fold by one strategy.

    What trains the architecture weights is the strategy's: see :mod:`sernas.search.strategies`.

    Args:
        seed: what all randomness of this search follows from.
        probe: the architecture whose training loss with inherited weights is followed (Fig. 3b).
    """

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
        self.strategy = STRATEGIES[strategy]
        self.optimisation, self.settings, self.device = optimisation, settings, device
        self.fold = fold
        torch.manual_seed(seed_of(seed, "weights"))
        self.supernet = Supernet(
            build_supernet(
                system,
                n_bins=fold.store.settings.n_bins,
                n_classes=len(fold.emotions),
                settings=space,
            )
        ).to(device)
        self.probe = self.supernet.path(probe)
        self.rng = rng_of(seed, "mixing")
        self.order = torch.Generator().manual_seed(seed_of(seed, "order"))
        # joint: one Adam for both (section 2.1)
        operations = list(self.supernet.system.parameters())
        architecture = list(self.supernet.logits.values())
        together = operations if self.strategy.bilevel else operations + architecture
        self.optimizer = adam(together, optimisation.learning_rates[0])
        self.architecture_optimizer = adam(architecture, settings.architecture_learning_rate)
        self.history: list[dict] = []

    def run(self) -> Found:
        """Train and derive."""
        alternating = self.strategy.bilevel and self.settings.bilevel == "alternating"
        self.train_operations(alternating)
        if self.strategy.bilevel and not alternating:
            self.train_architecture()
        return Found(self.supernet.derive(), self.history)

    def train_operations(self, alternating: bool) -> None:
        """The weights W; alternating, each step is followed by one of the architecture weights."""
        data = self.fold.segments("train").to(self.device)
        schedule = Schedule(self.optimisation)
        validation = self._endless() if alternating else None

        def step(x: Tensor, y: Tensor) -> Tensor:
            loss = self.operation_step(x, y)
            if validation is not None:
                self.architecture_step(*next(validation))
            return loss

        for epoch in trange(1, self.settings.epochs + 1, desc="supernet", disable=None):
            set_rate(self.optimizer, schedule.rate)
            loss = self._epoch(data, step)
            self._note("weights", epoch, loss, schedule.rate, self.probe_loss(data))
            schedule.end_epoch(loss)

    def train_architecture(self) -> None:
        """The architecture weights on validation data, W frozen and nothing masked (Eq. 3)."""
        data = self.fold.segments("validation").to(self.device)
        self.supernet.system.requires_grad_(False)
        rate = self.settings.architecture_learning_rate
        for epoch in trange(
            1, self.settings.architecture_epochs + 1, desc="architecture", disable=None
        ):
            loss = self._epoch(data, self.architecture_step)
            self._note("architecture", epoch, loss, rate, None)
        self.supernet.system.requires_grad_(True)

    def operation_step(self, x: Tensor, y: Tensor) -> Tensor:
        """One step of the operations' weights (and for joint, of the architecture weights)."""
        weights = self.supernet.weights()
        if self.strategy.bilevel:
            weights = {layer: a.detach() for layer, a in weights.items()}
        mixing = self.strategy.mixing(weights, self.settings, self.rng)
        return descend(self._loss(x, y, mixing), self.optimizer)

    def architecture_step(self, x: Tensor, y: Tensor) -> Tensor:
        """One step of the architecture weights; those of the operations stay."""
        mixing = everything(self.supernet.weights())
        return descend(self._loss(x, y, mixing), self.architecture_optimizer)

    @torch.no_grad()
    def probe_loss(self, data: SegmentData) -> float:
        """The mean training loss of the probe with inherited weights."""
        order = torch.Generator().manual_seed(0)

        def loss(x: Tensor, y: Tensor) -> Tensor:
            return self._loss(x, y, self.probe)

        return run_epoch(data, self.optimisation.batch_size, order, self.device, loss)

    def _loss(self, x: Tensor, y: Tensor, mixing: Mixing) -> Tensor:
        return loss_of(self.supernet, x, y, self.optimisation.precision, mixing)

    def _epoch(self, data: SegmentData, step: Callable[[Tensor, Tensor], Tensor]) -> float:
        return run_epoch(data, self.optimisation.batch_size, self.order, self.device, step)

    def _endless(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches of the validation speaker, one pass after another."""
        data = self.fold.segments("validation").to(self.device)
        order = torch.Generator().manual_seed(int(torch.randint(2**31, (), generator=self.order)))
        while True:
            indices = list(batches(len(data), self.optimisation.batch_size, order))
            yield from loaded(data, indices, self.device)

    def _note(self, stage: str, epoch: int, loss: float, rate: float, probe: float | None) -> None:
        self.history.append(record(self.supernet, stage, epoch, loss, rate, probe))
        logging.info("%s, epoch %d: loss %.4f, learning rate %g", stage, epoch, loss, rate)
