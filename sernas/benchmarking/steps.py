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
from sernas.search.strategy import STRATEGIES, Moment, everything
from sernas.search.supernet import Supernet
from sernas.search.updates import Updates
from sernas.settings.search import SearchSettings
from sernas.settings.training import OptimisationSettings
from sernas.training.descent import Descent
from sernas.training.epoch import adam

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
        self.network = network.to(device)
        self.descent = Descent(self.network, precision)
        self.optimizer = adam(self.network.parameters(), RATE)
        self.x, self.y = size.data(device)

    def __call__(self) -> Tensor:
        return self.descent(self.x, self.y, self.optimizer)


class SearchStep:
    """A step of a search, as :class:`Updates` takes it: of the first of the strategy's stages.

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
        card, optimisation = STRATEGIES[strategy], optimisation_of(size, precision)
        self.supernet, self.stage = supernet.to(device), card.stages(SEARCH)[0]
        self.updates = Updates(self.supernet, card, SEARCH, optimisation, random.Random())
        self.x, self.y = size.data(device)
        self.period, self.taken = period, 0

    def __call__(self) -> Tensor:
        step = self.taken % self.period
        if step == 0:
            self.updates.rng.seed(0)
        self.taken += 1
        batches = [(self.x, self.y)] * len(self.stage.updates)
        return self.updates.step(self.stage, batches, Moment(0, 1, step, self.period))

    @torch.no_grad()
    def scores(self) -> Tensor:
        """(B, classes) of the mixture of all candidates."""
        return self.supernet(self.x, everything(self.supernet.weights()))


def optimisation_of(size: Size, precision: str = "float32") -> OptimisationSettings:
    """Adam at one rate."""
    return OptimisationSettings(size.batch, (RATE,), 1, "loss", 0.1, 1, precision)


def warm_up(device: torch.device) -> None:
    """The smallest step: what torch imports and sets up at its first belongs to no variant."""
    PlainStep(
        build_system(SYSTEM, n_bins=FREQUENCY_POOLING), Size(FREQUENCY_POOLING, 1, 8), device
    )()
