"""One step of a search: the updates of a supernet (Wu et al. 2022, section 2; Liu et al. 2019)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any

from torch import Tensor

from sernas.search.gradient import ArchitectureGradient
from sernas.search.replayed import unrounded
from sernas.search.signal import of_unit_norm
from sernas.search.strategy import Moment, Stage, SupernetStrategy, Update, everything
from sernas.search.supernet import Supernet
from sernas.search.unrolled import ahead, unrolled_gradients
from sernas.settings.search import SearchSettings
from sernas.settings.training import OptimisationSettings
from sernas.space.mix import Mixing
from sernas.training.descent import Descent
from sernas.training.epoch import Batch, adam, loss_of, optimizer_of, set_rate

Weights = Mapping[str, Tensor]
"""(N,) a layer."""


class Updates:
    """The updates of one supernet by one strategy.

    Attributes:
        optimizer: of the operations; where a stage trains both, of the architecture weights too
            (section 2.1).
        architecture_optimizer: of the architecture weights alone.
        rng: what the mixing of steps is drawn from.
        gradient: of the architecture weights, in the present epoch.
        with_signal: makes of a mixing the one that ``search.mixture`` says.
    """

    def __init__(
        self,
        supernet: Supernet,
        strategy: SupernetStrategy,
        settings: SearchSettings,
        optimisation: OptimisationSettings,
        rng: Random,
    ):
        self.supernet, self.strategy, self.rng = supernet, strategy, rng
        self.settings, self.optimisation = settings, optimisation
        self.with_signal = of_unit_norm if settings.mixture == "unit" else dict
        self.descent = Descent(supernet, optimisation.precision)
        self._weights = list(supernet.system.parameters())
        self._logits = list(supernet.logits.values())
        both = any(Update.BOTH in stage.updates for stage in strategy.stages(settings))
        trained = [*self._weights, *self._logits] if both else self._weights
        self.optimizer = optimizer_of(trained, optimisation)
        self.architecture_optimizer = adam(
            self._logits,
            settings.architecture_learning_rate,
            settings.architecture_betas,
            settings.architecture_weight_decay,
        )
        self.gradient = ArchitectureGradient(self._logits)

    def step(self, stage: Stage, batches: Sequence[Batch], moment: Moment) -> Tensor:
        """One step of a stage; the loss of its last update.

        Args:
            batches: one for each update; UNROLLED looks ahead on the last.
        """
        for update, batch in zip(stage.updates, batches, strict=True):
            match update:
                case Update.OPERATIONS:
                    loss = self.operations(batch, moment)
                case Update.BOTH:
                    loss = self.both(batch, moment)
                case Update.ARCHITECTURE:
                    loss = self.architecture(batch, moment)
                case Update.UNROLLED:  # never the last
                    self.unrolled(batch, batches[-1], moment)
            if update is not Update.OPERATIONS:
                self.gradient.note(self._architecture_rate(update))
        return loss

    def operations(self, batch: Batch, moment: Moment) -> Tensor:
        """Train the operations; the loss."""
        weights = {layer: a.detach() for layer, a in self.supernet.weights().items()}
        return self._train_operations(batch, weights, moment)

    def both(self, batch: Batch, moment: Moment) -> Tensor:
        """Train the operations and the architecture weights at once; the loss."""
        return self._train_operations(batch, self.supernet.weights(), moment)

    def architecture(self, batch: Batch, moment: Moment) -> Tensor:
        """Train the architecture weights; the operations stay, and of their gradients none is
        computed."""
        mixing = self._architecture_mixing(moment)
        self.supernet.system.requires_grad_(False)
        try:
            return self.descent(*batch, self.architecture_optimizer, mixing=mixing)
        finally:
            self.supernet.system.requires_grad_(True)

    def unrolled(self, batch: Batch, training: Batch, moment: Moment) -> None:
        """Train the architecture weights for operations that are a step on ``training`` ahead; in
        single precision, whatever that of other updates."""
        drawn = self.rng.getstate()

        def loss_on(data: Batch) -> Tensor:
            self.rng.setstate(drawn)  # each of its losses is of the same candidates
            return loss_of(self.supernet, *data, "float32", self._architecture_mixing(moment))

        (group,) = self.optimizer.param_groups
        with unrounded():
            gradients = unrolled_gradients(
                partial(loss_on, batch),
                partial(loss_on, training),
                self._logits,
                self._weights,
                partial(ahead, self.optimizer, self._weights),
                group["lr"],
            )
        for a, gradient in zip(self._logits, gradients, strict=True):
            a.grad = gradient
        self.architecture_optimizer.step()

    def everything(self) -> Mixing:
        """The mixture of all candidates by the present architecture weights."""
        return self.with_signal(everything(self.supernet.weights()))

    def set_rates(self, operations: float, architecture: float) -> None:
        """The learning rates of the steps to come."""
        set_rate(self.optimizer, operations)
        set_rate(self.architecture_optimizer, architecture)

    def state_dict(self) -> dict[str, Any]:
        return {
            "optimizer": self.optimizer.state_dict(),
            "architecture_optimizer": self.architecture_optimizer.state_dict(),
            "rng": self.rng.getstate(),
            "gradient": self.gradient.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.optimizer.load_state_dict(state["optimizer"])
        self.architecture_optimizer.load_state_dict(state["architecture_optimizer"])
        self.rng.setstate(state["rng"])
        self.gradient.load_state_dict(state["gradient"])

    def _architecture_rate(self, update: Update) -> float:
        optimizer = self.optimizer if update is Update.BOTH else self.architecture_optimizer
        return optimizer.param_groups[0]["lr"]

    def _train_operations(self, batch: Batch, weights: Weights, moment: Moment) -> Tensor:
        mixing = self._mixing(self.strategy.operation_mixing, weights, moment)
        return self.descent(*batch, self.optimizer, self.optimisation.clip, mixing)

    def _architecture_mixing(self, moment: Moment) -> Mixing:
        weights = self.supernet.weights()
        return self._mixing(self.strategy.architecture_mixing, weights, moment)

    def _mixing(self, of: Callable[..., Mixing], weights: Weights, moment: Moment) -> Mixing:
        """What one of the strategy's two methods gives, with its signal."""
        return self.with_signal(of(self.supernet.space, weights, moment, self.settings, self.rng))
