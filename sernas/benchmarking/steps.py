"""The training steps that are timed: those of training and of searches, on random spectrograms."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from sernas.models import build_system
from sernas.models.build import N_EMOTIONS
from sernas.models.cnn import FREQUENCY_POOLING
from sernas.models.system import System
from sernas.search.strategies import STRATEGIES, everything
from sernas.search.supernet import Supernet
from sernas.settings.search import SearchSettings
from sernas.training.epoch import adam, descend, loss_of

SYSTEM = "cnn_rnn_att"
RATE = 1e-3
SEARCH = SearchSettings(
    epochs=1,
    architecture_epochs=1,
    architecture_learning_rate=RATE,
    bilevel="two_stage",
    masked=1,
)


@dataclass(frozen=True)
class Size:
    """A batch of spectrograms: (batch, 1, bins, frames), 100 frames a second."""

    bins: int
    batch: int
    frames: int = 200

    def __str__(self) -> str:
        return f"{self.bins} bins, batch {self.batch}"

    def data(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Noise x (B, 1, F, T), normalised as features are, and labels y (B,)."""
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(self.batch, 1, self.bins, self.frames, generator=generator)
        y = torch.randint(N_EMOTIONS, (self.batch,), generator=generator)
        return x.to(device), y.to(device)


class PlainStep:
    """A step of training one architecture, as ``training.train`` takes it."""

    def __init__(
        self, network: System, size: Size, device: torch.device, precision: str = "float32"
    ):
        self.network, self.precision = network.to(device), precision
        self.optimizer = adam(self.network.parameters(), RATE)
        self.x, self.y = size.data(device)

    def __call__(self) -> Tensor:
        return descend(loss_of(self.network, self.x, self.y, self.precision), self.optimizer)


class SearchStep:
    """A step of training a supernet's operations, as ``search.run`` takes it.

    Args:
        period: steps after which the strategy's draws repeat, so that a warm-up of as many meets
            every shape of kernel that will be timed.
    """

    def __init__(
        self,
        strategy: str,
        supernet: Supernet,
        size: Size,
        device: torch.device,
        period: int = 1,
        precision: str = "float32",
    ):
        self.strategy, self.precision = STRATEGIES[strategy], precision
        self.supernet = supernet.to(device)
        trained = supernet.system if self.strategy.bilevel else supernet
        self.optimizer = adam(trained.parameters(), RATE)
        self.x, self.y = size.data(device)
        self.rng, self.period, self.taken = random.Random(), period, 0

    def __call__(self) -> Tensor:
        if self.taken % self.period == 0:
            self.rng.seed(0)
        self.taken += 1
        weights = self.supernet.weights()
        if self.strategy.bilevel:
            weights = {layer: a.detach() for layer, a in weights.items()}
        mixing = self.strategy.mixing(self.supernet.space, weights, SEARCH, self.rng)
        loss = loss_of(self.supernet, self.x, self.y, self.precision, mixing)
        return descend(loss, self.optimizer)

    @torch.no_grad()
    def scores(self) -> Tensor:
        """(B, classes) of the mixture of all candidates."""
        return self.supernet(self.x, everything(self.supernet.weights()))


def warm_up(device: torch.device) -> None:
    """The smallest step: what torch imports and sets up at its first belongs to no variant."""
    PlainStep(
        build_system(SYSTEM, n_bins=FREQUENCY_POOLING), Size(FREQUENCY_POOLING, 1, 8), device
    )()
