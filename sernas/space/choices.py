"""A search space as data: which layers there are to choose, and the candidates of each."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from sernas.base.errors import SettingsError

Architecture = Mapping[str, str]
"""One candidate a layer: ``{"conv2d_1": "2x8", ..., "dense": "64"}``. JSON as it stands."""


@dataclass(frozen=True)
class Choice:
    """One layer of the supernet: its candidate operations and the paper's hand-made one.

    Attributes:
        baseline: None where a paper has no hand-made architecture.
    """

    layer: str
    candidates: tuple[str, ...]
    baseline: str | None = None

    @property
    def buildable(self) -> tuple[str, ...]:
        """The candidates and the hand-made operation, which need not be one of them."""
        hand_made = () if self.baseline is None else (self.baseline,)
        return tuple(dict.fromkeys((*self.candidates, *hand_made)))

    @property
    def holds_widths(self) -> bool:
        """Whether what is chosen is a width: each candidate is a number."""
        return all(map(str.isdecimal, self.candidates))

    def having(self, candidates: Sequence[str]) -> Choice:
        """The same layer with other candidates.

        Raises:
            SettingsError: there is none, one stands twice, or one is no width where it must be.
        """
        problem = None
        if not candidates:
            problem = "expected at least one candidate, found none; name one, or leave the key out"
        elif len(set(candidates)) < len(candidates):
            problem = f"found {', '.join(candidates)}; name each candidate once"
        elif self.holds_widths and not all(name.isdecimal() and int(name) for name in candidates):
            problem = f"expected widths such as 64, found {', '.join(candidates)}; name numbers"
        if problem:
            raise SettingsError(f"space.candidates.{self.layer}: {problem}")
        return replace(self, candidates=tuple(candidates))


@dataclass(frozen=True)
class SearchSpace:
    """Independent choices, one a layer. One candidate in each makes it a plain network.

    Without any choice it is the space of a network in which nothing is searched.
    """

    choices: tuple[Choice, ...]

    def __getitem__(self, layer: str) -> Choice:
        return {choice.layer: choice for choice in self.choices}[layer]

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(choice.layer for choice in self.choices)

    @property
    def names(self) -> tuple[str, ...]:
        """What a configuration may give candidates by."""
        return self.layers

    @property
    def size(self) -> int:
        """Number of architectures."""
        return math.prod(len(choice.candidates) for choice in self.choices)

    @property
    def parts(self) -> list[tuple[str, ...]]:
        """Layers that are chosen together; each part may be of any architecture."""
        return [(layer,) for layer in self.layers]

    @property
    def hand_made(self) -> bool:
        """Whether there is a hand-made architecture; a network without choices is one."""
        return all(choice.baseline is not None for choice in self.choices)

    @property
    def baseline(self) -> dict[str, str]:
        """The paper's hand-made architecture."""
        return {choice.layer: choice.baseline for choice in self.choices}

    def draw(self, rng: random.Random) -> dict[str, str]:
        """An architecture drawn uniformly: each layer independently."""
        return {choice.layer: rng.choice(choice.candidates) for choice in self.choices}

    def crossed(
        self, one: Architecture, other: Architecture, share: float, rng: random.Random
    ) -> dict[str, str]:
        """An architecture each part of which is that of ``other`` with the probability ``share``,
        else that of ``one``."""
        return {
            layer: source[layer]
            for part in self.parts
            for source in [other if rng.random() < share else one]
            for layer in part
        }

    def coincidence(self) -> dict[str, float]:
        """How probable it is, in each layer, that two drawn architectures are alike there."""
        return {choice.layer: 1 / len(choice.candidates) for choice in self.choices}

    def derive(self, weights: Mapping[str, Sequence[float]]) -> dict[str, str]:
        """The architecture of the largest weight in each layer (Wu et al. 2022, section 2.1).

        Args:
            weights: of each layer's candidates, (N,), which sum to 1. The first of equals wins.
        """
        derived = {}
        for choice in self.choices:
            ranked = zip(weights[choice.layer], choice.candidates, strict=True)
            _, derived[choice.layer] = max(ranked, key=itemgetter(0))
        return derived

    def with_candidates(self, candidates: Mapping[str, Sequence[str]]) -> SearchSpace:
        """The space with other candidates; the hand-made architecture stays buildable.

        Args:
            candidates: by layer. Those of layers that the space lacks are of other systems, and do
                not count; see :func:`require_known`.

        Raises:
            SettingsError: candidates that a layer cannot have, as far as that shows without the
                operations themselves.
        """
        choices = tuple(
            choice.having(candidates[choice.layer]) if choice.layer in candidates else choice
            for choice in self.choices
        )
        return replace(self, choices=choices)

    def only(self, architecture: Architecture) -> SearchSpace:
        """The space of one architecture: of a plain network.

        Raises:
            SettingsError: a layer is missing or unknown, or its operation cannot be built.
        """
        self._check(architecture)
        return replace(
            self,
            choices=tuple(
                replace(choice, candidates=(architecture[choice.layer],)) for choice in self.choices
            ),
        )

    def ordered(self, layers: Iterable[str]) -> SearchSpace:
        """The same space with its choices in another order, which is that of :meth:`draw`."""
        return replace(self, choices=tuple(self[layer] for layer in layers))

    def signs(self, architecture: Architecture) -> dict[str, int]:
        """What to watch of the architecture that a search would derive, by name."""
        return {}

    def collapsed(self, signs: Mapping[str, int], most: int) -> bool:
        """Whether :meth:`signs` say that a search should end; cells alone have such signs.

        Args:
            signs: what they are, perhaps among other things.
            most: ``search.stop_at_skips``.
        """
        return False

    def indices(self, architecture: Architecture) -> dict[str, int]:
        """The position of each layer's operation among its candidates."""
        return {c.layer: c.candidates.index(architecture[c.layer]) for c in self.choices}

    def _check(self, architecture: Architecture) -> None:
        if set(architecture) != set(self.layers):
            raise SettingsError(
                f"an architecture must name the layers {', '.join(self.layers)}; "
                f"found {', '.join(architecture) or 'none'}"
            )
        for choice in self.choices:
            if architecture[choice.layer] not in choice.buildable:
                raise SettingsError(
                    f"{choice.layer} cannot be {architecture[choice.layer]!r}; "
                    f"choose one of {', '.join(choice.buildable)}"
                )


def require_known(candidates: Mapping[str, Sequence[str]], spaces: Iterable[SearchSpace]) -> None:
    """Raise SettingsError for candidates of a layer that none of the spaces has."""
    known = dict.fromkeys(name for space in spaces for name in space.names)
    for layer in candidates:
        if layer not in known:
            raise SettingsError(
                f"space.candidates: no system has a layer {layer!r}; choose one of "
                f"{', '.join(known)}"
            )
