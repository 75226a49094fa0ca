"""Train a supernet by a strategy and derive an architecture (Wu et al. 2022, section 2)."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from sernas.base.costs import Cost
from sernas.base.digests import Code, code_of_card
from sernas.base.errors import SettingsError
from sernas.base.seeds import rng_of, seed_of
from sernas.folds.fold import Fold
from sernas.folds.network_input import Input
from sernas.folds.segments import SegmentData, batches
from sernas.models import build_supernet
from sernas.search.evolution import Evolution
from sernas.search.glance import Glance
from sernas.search.history import record
from sernas.search.inherited import Inherited, inherited
from sernas.search.judged import Judged
from sernas.search.strategy import STRATEGIES, Moment, Ranking, Stage, SupernetStrategy
from sernas.search.supernet import Supernet
from sernas.search.updates import Updates
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings
from sernas.space.choices import Architecture
from sernas.systems.card import search_space
from sernas.systems.code import code_of_system
from sernas.training.epoch import Batch, Step, loaded
from sernas.training.resumable import Run
from sernas.training.schedule import Schedule


@dataclass(frozen=True)
class Found:
    """What a search found: the derived architecture, its history, a row an epoch, and its cost."""

    architecture: dict[str, str]
    history: list[dict]
    cost: Cost = field(compare=False)


class Search(Run):
    """One search: a system's supernet, trained on one fold by one strategy.

    It goes through the strategy's stages, and knows nothing else of it.

    Args:
        seed: what all randomness of this search follows from.
        probe: the architecture whose training loss with inherited weights is followed (Fig. 3b),
            on so much of the training data as ``settings.probe`` says.

    Raises:
        SettingsError: there is nothing to search, or the strategy needs no supernet.
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
        card = STRATEGIES[strategy]
        if not isinstance(card, SupernetStrategy):
            raise SettingsError(
                f"expected a strategy that trains a supernet, found {strategy}, which names its "
                "architectures; train them"
            )
        self.settings, self.stages = settings, card.stages(settings)
        super().__init__(fold, sum(s.epochs for s in self.stages), optimisation, seed, device)
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
        torch.manual_seed(seed_of(seed, "dropout"))
        self.updates = Updates(self.supernet, card, settings, optimisation, rng_of(seed, "mixing"))
        self.evolution = Evolution(self.supernet.space, self.updates.rng)
        scheduled = sum(stage.epochs for stage in self.stages if stage.name == "weights")
        self.schedule = Schedule(optimisation, scheduled)
        self.parts |= {
            "supernet": self.supernet,
            "updates": self.updates,
            "schedule": self.schedule,
            "evolution": self.evolution,
        }

    def run(self, folder: Path | None = None) -> Found:
        """Train and derive, or go on with what is in ``folder``; see :meth:`Run.complete`."""
        self.complete(folder)
        return Found(self.derived(), self.history, self.cost())

    def epoch(self) -> dict:
        stage, epoch = self.present()
        if isinstance(stage, Ranking):
            seen = {"paths_loss": self.evolution.generation(stage, self._validation_loss)}
            loss, rate, probe = self.evolution.least, None, None
        else:
            loss, rate, probe = self._trained(stage, epoch)
            seen = self.glance.figures(stage.name == "weights")
            seen |= self.updates.gradient.figures()
            self.updates.gradient.begin_epoch()
            if stage.name == "weights":  # now that nothing more can stop the epoch
                self.schedule.end_epoch(loss)
        number = 1 + sum(row["stage"] == stage.name for row in self.history)
        logging.info("%s, epoch %d: loss %.4f, learning rate %s", stage.name, number, loss, rate)
        return record(
            self.supernet.space,
            stage.name,
            number,
            loss,
            rate,
            probe,
            self.architecture_weights(stage),
            self.derived(),
            seen,
        )

    def derived(self) -> dict[str, str]:
        """The best of the paths that were ranked, or else what the architecture weights say."""
        (ranked,) = self.evolution.best() or [self.supernet.derive()]
        return {layer: ranked[layer] for layer in self.supernet.system.space.layers}

    @torch.no_grad()
    def architecture_weights(self, stage: Stage | Ranking) -> dict[str, Tensor]:
        """(N,) a layer, which sum to 1: the softmax, or candidates' shares among ranked paths."""
        if isinstance(stage, Ranking):
            return {k: torch.tensor(share) for k, share in self.evolution.shares(stage).items()}
        return self.supernet.weights()

    def present(self) -> tuple[Stage | Ranking, int]:
        """The stage of the epoch to come, and how many of its epochs are over."""
        epoch = len(self.history)
        for stage in self.stages:
            if epoch < stage.epochs:
                break
            epoch -= stage.epochs
        return stage, epoch

    def steps(self, stage: Stage, epoch: int) -> Step:
        """What takes a step on a batch of the data that the epoch runs over."""
        *others, last = [update.role for update in stage.updates]
        steps = math.ceil(len(self._data(last)) / self.optimisation.batch_size)
        endless = {role: self._endless(role, others.count(role)) for role in others}

        def step(x: Input, y: Tensor) -> Tensor:
            moment = Moment(epoch, stage.epochs, self.order.steps, steps)
            batches = [*(next(endless[role]) for role in others), (x, y)]
            return self.updates.step(stage, batches, moment)

        return step

    def over(self) -> bool:
        """Whether all epochs are there, or the architecture has collapsed."""
        return super().over() or self._collapsed()

    def inherited(
        self, architecture: Architecture, data: SegmentData, most: int | None = None
    ) -> Inherited:
        """How good an architecture is on ``data``, or ``most`` batches of it, with the present
        weights."""
        size, precision = self.optimisation.batch_size, self.optimisation.precision
        path = self.supernet.path(architecture)
        return inherited(self.supernet, path, data, size, precision, most)

    def judge(self, architecture: Architecture) -> Judged:
        """How good an architecture is, by inherited and by architecture weights."""
        weights, places = self.supernet.weights(), self.supernet.space.indices(architecture)
        weight = sum(float(weights[layer][i].detach().log()) for layer, i in places.items())
        return Judged(*self.inherited(architecture, self.validation), weight)

    @cached_property
    def glance(self) -> Glance:
        """What is seen after each epoch."""
        return Glance(self.updates, self.training, self.seed)

    @cached_property
    def training(self) -> SegmentData:
        """What the operations are trained on."""
        return self.fold.segments("train").to(self.device)

    @cached_property
    def validation(self) -> SegmentData:
        """What the architecture weights are trained on, where they are trained alone."""
        return self.fold.segments("validation").to(self.device)

    def code(self) -> tuple[Code, ...]:
        strategy, system = self._names
        return *code_of_card(STRATEGIES, strategy), *code_of_system(system, self._space)

    def identity(self) -> tuple:
        return (*self._names, self.settings, self._space, sorted(self._probe.items()))

    def tensors(self) -> list[Tensor]:
        return list(self.supernet.parameters())

    def _trained(self, stage: Stage, epoch: int) -> tuple[float, float, float | None]:
        """Train for an epoch: mean loss, learning rate, and loss of the probe if it has changed."""
        operations = self.lowered(self.schedule.rate)
        architecture = self.lowered(self.settings.architecture_learning_rate)
        self.updates.set_rates(operations, architecture)
        of_operations = stage.name == "weights"
        rate = operations if of_operations else architecture
        data, steps = self._data(stage.updates[-1].role), self.steps(stage, epoch)
        loss = self.run_epoch(data, steps, rate, stage.name)
        if not of_operations:
            return loss, rate, None
        return loss, rate, self._probe_loss()

    def _probe_loss(self) -> float | None:
        segments = self.settings.probe * len(self.training)
        most = math.ceil(segments / self.optimisation.batch_size)
        return self.inherited(self._probe, self.training, most).loss if most else None

    def _validation_loss(self, architecture: Architecture) -> float:
        return self.inherited(architecture, self.validation).loss

    def _data(self, role: str) -> SegmentData:
        return self.training if role == "train" else self.validation

    def _endless(self, role: str, each: int) -> Iterator[Batch]:
        """Batches of a role's data, one pass after another, ``each`` a step; but for those of the
        steps that the epoch has behind it."""
        seed = seed_of(self.seed, role, len(self.history) + 1)
        order = torch.Generator().manual_seed(seed)
        data, behind = self._data(role), each * self.order.steps
        while True:
            indices = list(batches(len(data), self.optimisation.batch_size, order))
            yield from loaded(data, indices[behind:], self.device)
            behind = max(0, behind - len(indices))

    def _collapsed(self) -> bool:
        most = self.settings.stop_at_skips
        trained = [row for row in self.history if row["stage"] != Ranking.name]
        signs = trained[-1] if trained else {}
        return most is not None and self.supernet.space.collapsed(signs, most)
