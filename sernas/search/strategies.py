"""The strategies of Wu et al. 2022, section 2, and of Liu et al. 2019. Torch is not imported.

A strategy either names its candidate architectures outright, or says two things about the training
of a supernet: which candidate operations take part in a step, and which data train the architecture
weights.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sernas.base.errors import SettingsError
from sernas.settings.search import SearchSettings
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mix, Mixing, path

if TYPE_CHECKING:
    from torch import Tensor

STRATEGIES: dict[str, Strategy] = {}


def register(name: str):
    """Class decorator that adds a strategy under ``name``."""

    def add(strategy: type) -> type:
        STRATEGIES[name] = strategy()
        return strategy

    return add


class Strategy:
    """A way of choosing an architecture."""

    def applies(self, space: SearchSpace) -> bool:
        """Whether there is something for it to choose."""
        return bool(space.choices)


class Direct(Strategy):
    """A strategy that names the architectures to train; the best on validation data is kept."""

    def candidates(
        self, space: SearchSpace, random_candidates: int, rng: random.Random
    ) -> list[dict[str, str]]:
        raise NotImplementedError


@register("none")
class HandMade(Direct):
    """No search: the paper's hand-made architecture."""

    def applies(self, space):
        return space.hand_made

    def candidates(self, space, random_candidates, rng):
        return [space.baseline]


@register("random")
class RandomSearch(Direct):
    """Architectures drawn uniformly."""

    def candidates(self, space, random_candidates, rng):
        return [space.draw(rng) for _ in range(random_candidates)]


class Supernet(Strategy):
    """A strategy that trains a supernet and derives one architecture from it.

    Attributes:
        bilevel: the architecture weights are trained on validation data (Eqs. 3 and 4); otherwise
            together with the operations on training data (Eq. 2).
        alternating: a step of the architecture weights precedes each step of the operations, as
            ``search.bilevel: alternating`` has it for every bilevel strategy.
        unrolled: that step looks one step of the operations ahead.
    """

    bilevel = True
    alternating = False
    unrolled = False

    def mixing(
        self,
        space: SearchSpace,
        weights: Mapping[str, Tensor],
        settings: SearchSettings,
        rng: random.Random,
    ) -> Mixing:
        """Which candidates take part in one step of training the operations: here, all of them.

        Args:
            space: that of the supernet, its layers in the order of ``weights``.
            weights: (N,) the softmax of each layer's architecture weights.
        """
        return everything(weights)


def everything(weights: Mapping[str, Tensor]) -> Mixing:
    """Every candidate takes part, with its softmax weight (Eq. 1)."""
    return {layer: Mix(tuple(range(len(a))), a) for layer, a in weights.items()}


@register("joint")
class Joint(Supernet):
    """Joint optimisation (section 2.1)."""

    bilevel = False


@register("sampling")
class UniformSampling(Supernet):
    """Uniform path sampling (section 2.2): one architecture, each candidate of weight 1."""

    def mixing(self, space, weights, settings, rng):
        return path(space, space.draw(rng))


@register("dropout")
class PathDropout(Supernet):
    """Uniform path dropout (section 2.2): a constant number of candidates a layer is masked.

    The others keep their softmax weights, scaled by N / (N - masked).
    """

    def mixing(self, space, weights, settings, rng):
        mixing = {}
        for layer, a in weights.items():
            n = len(a)
            if settings.masked >= n:
                raise SettingsError(
                    f"search.masked is {settings.masked}, but {layer} has only {n} candidates; "
                    f"at most {n - 1} can be masked"
                )
            masked = set(rng.sample(range(n), settings.masked))
            kept = tuple(i for i in range(n) if i not in masked)
            mixing[layer] = Mix(kept, a * (n / (n - settings.masked)))
        return mixing


@register("darts")
class Darts(Supernet):
    """Differentiable architecture search of first order (Liu et al. 2019, section 2.3)."""

    alternating = True


@register("darts_second_order")
class DartsSecondOrder(Darts):
    """The same of second order: the architecture's gradient foresees a step of the weights."""

    unrolled = True
