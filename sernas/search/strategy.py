"""What a strategy is, and all there are by name. Torch is not imported.

A strategy either names its candidate architectures outright, or scores untrained ones, or trains a
supernet. Then it says two things: in which stages what is trained, and which candidates take part
in a step. Each of ours is a file of :mod:`sernas.search.strategies`; a plugin adds others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from sernas.base.errors import SettingsError
from sernas.base.registry import Registry
from sernas.settings.search import SearchSettings
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mix, Mixing
from sernas.systems.card import SYSTEMS

if TYPE_CHECKING:
    from torch import Tensor, nn


class Strategy:
    """A way of choosing an architecture.

    Attributes:
        name: in the configuration and in results.
        how: how the architecture is chosen, in a line.
        trainer: what trains its architectures and keeps one, a function in a dotted name; see
            :func:`sernas.training.from_scratch.train_best`.
    """

    name: str
    how: str
    trainer = "sernas.training.from_scratch:train_best"

    def applies(self, space: SearchSpace) -> bool:
        """Whether there is something for it to choose."""
        return bool(space.choices)

    def training_epochs(self, random_candidates: int, epochs: int) -> int:
        """Of all trainings in a fold, where one is of ``epochs``."""
        return epochs


class DirectStrategy(Strategy):
    """A strategy that names the architectures to train; the best on validation data is kept."""

    def number(self, random_candidates: int, epochs: int) -> int:
        """How many architectures it names.

        Args:
            random_candidates: how many random search trains, ``epochs`` each: the compute of all
                that train several.
        """
        return 1

    def candidates(self, space: SearchSpace, number: int, rng: Random) -> list[dict[str, str]]:
        """So many architectures."""
        raise NotImplementedError

    def training_epochs(self, random_candidates, epochs):
        return epochs * self.number(random_candidates, epochs)


class ProxyStrategy(Strategy):
    """A strategy that draws architectures and scores each before any training; that of the highest
    score is trained."""

    def score(self, network: nn.Module, x: Any, y: Tensor) -> float:
        """How good an untrained network looks.

        Args:
            network: of the system; it is used for nothing else.
            x: training segments, the same for all networks: (B, C, F, T), or a tuple of one a
                stream.
            y: (B,) their labels.
        """
        raise NotImplementedError


class Update(Enum):
    """What an update of a supernet trains.

    Attributes:
        role: of the speakers whose data it is trained on.
    """

    OPERATIONS = "the weights of the operations, on training data"
    ARCHITECTURE = "the architecture weights, on validation data"
    UNROLLED = "the same, looking one step of the operations ahead, on the step's training batch"
    BOTH = "the weights of the operations and of the architecture at once, on training data"

    @property
    def role(self) -> str:
        return "validation" if self in (Update.ARCHITECTURE, Update.UNROLLED) else "train"


@dataclass(frozen=True)
class Stage:
    """Epochs whose steps make the same updates.

    Attributes:
        updates: those of a step, in their order. An epoch runs once over the data of the last one;
            the others take a batch of theirs each, without end.

    Raises:
        SettingsError: an epoch would run over validation data though it trains operations, or
            over none.
    """

    epochs: int
    updates: tuple[Update, ...]

    def __post_init__(self):
        alone = set(self.updates) == {Update.ARCHITECTURE}
        if not alone and (not self.updates or self.updates[-1].role != "train"):
            raise SettingsError(
                "a stage of a strategy: expected updates that end with OPERATIONS or BOTH, or "
                f"ARCHITECTURE alone, found {', '.join(u.name for u in self.updates) or 'none'}; "
                "correct the strategy's stages"
            )

    @property
    def name(self) -> str:
        """Its name in the history: "weights" (of the operations) or "architecture"."""
        return "weights" if self.updates[-1].role == "train" else "architecture"

    @property
    def cost(self) -> float:
        """In epochs of training."""
        return self.epochs


@dataclass(frozen=True)
class Ranking:
    """Epochs that train nothing: each scores a generation of paths with inherited weights.

    They are ranked by their mean loss on validation data, Eq. (4) of Wu et al. 2022, since the
    accuracies of few speakers tie. The architecture is the best of all generations.

    Attributes:
        epochs: generations.
        population: paths of each.
        evolving: those after the first descend from the best; else all are drawn uniformly.
    """

    epochs: int
    population: int
    evolving: bool = True
    name: ClassVar[str] = "evolution"
    updates: ClassVar[tuple[Update, ...]] = ()

    @property
    def parents(self) -> int:
        """The best paths so far, from which others descend; Guo et al. 2020: 10 of 50."""
        return max(2, self.population // 5)

    @property
    def cost(self) -> float:
        """In epochs of training: a forward pass is a third of a step, and one validation speaker
        has some eighth of the data."""
        return self.epochs * self.population / 24


@dataclass(frozen=True)
class Moment:
    """When a step is taken. ``epoch`` of ``epochs`` of the stage, and ``step`` of the ``steps`` of
    that epoch, count from 0."""

    epoch: int
    epochs: int
    step: int
    steps: int

    @property
    def progress(self) -> float:
        """How much of the stage is over: 0 in its first step, 1 in its last."""
        taken = self.epoch * self.steps + self.step
        return taken / max(1, self.epochs * self.steps - 1)


class SupernetStrategy(Strategy):
    """A strategy that trains a supernet and derives one architecture from it.

    As it stands it is the bilevel optimisation of Wu et al. 2022, section 2.2, in which every
    candidate takes part.
    """

    def stages(self, settings: SearchSettings) -> Sequence[Stage | Ranking]:
        """What is trained, one after the other: here the operations, then the architecture weights
        (Eqs. 3 and 4); or, as ``search.bilevel`` says, a step of the latter before each of the
        former."""
        if settings.bilevel == "alternating":
            return (Stage(settings.epochs, (Update.ARCHITECTURE, Update.OPERATIONS)),)
        return (
            Stage(settings.epochs, (Update.OPERATIONS,)),
            Stage(settings.architecture_epochs, (Update.ARCHITECTURE,)),
        )

    def operation_mixing(
        self,
        space: SearchSpace,
        weights: Mapping[str, Tensor],
        moment: Moment,
        settings: SearchSettings,
        rng: Random,
    ) -> Mixing:
        """Which candidates take part in an update that trains the operations: here, all.

        Args:
            space: that of the supernet, its layers in the order of ``weights``.
            weights: (N,) the softmax of each layer's architecture weights; without a gradient,
                unless the update trains both.
            rng: of all that is random.
        """
        return everything(weights)

    def architecture_mixing(
        self,
        space: SearchSpace,
        weights: Mapping[str, Tensor],
        moment: Moment,
        settings: SearchSettings,
        rng: Random,
    ) -> Mixing:
        """The same of an update that trains the architecture weights alone: here, all."""
        return everything(weights)


def then_ranked(settings: SearchSettings, evolving: bool = True) -> Sequence[Stage | Ranking]:
    """The stages of a search that trains the operations alone, and then ranks paths."""
    ranking = Ranking(settings.generations, settings.population, evolving)
    return Stage(settings.epochs, (Update.OPERATIONS,)), ranking


def everything(weights: Mapping[str, Tensor]) -> Mixing:
    """Every candidate takes part, with its softmax weight (Eq. 1); ``weights``: (N,) a layer."""
    return {layer: Mix(tuple(range(len(a))), a) for layer, a in weights.items()}


STRATEGIES: Registry[Strategy] = Registry("strategy", "sernas.search.strategies")


def trainer_of(system: str, strategy: str) -> str:
    """What trains a row: the system's own, else the strategy's; what is none has the usual one."""
    return SYSTEMS[system].trainer or STRATEGIES.get(strategy, Strategy).trainer
