"""What is known of a system without building it. Light: torch is not imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sernas.base.registry import Registry
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace


class Amount(NamedTuple):
    """What a network costs, and what the supernet of all its candidates does."""

    training: float
    searching: float


@dataclass(frozen=True)
class Cost:
    """What jobs ask a scheduler for; by default what the systems of Wu et al. 2022 take.

    Attributes:
        activations: memory of a step, for each segment, times the size of its spectrogram.
        cpu_minutes: of an epoch of IEMOCAP at 4096 bins, on CPUs.
        gpu_minutes: the same on a GPU.
        in_parts: whether a step takes a large batch part by part, for it has neither batch norm nor
            dropout; see :mod:`sernas.training.in_parts`.
    """

    activations: Amount = Amount(100, 100)
    cpu_minutes: Amount = Amount(12, 12)
    gpu_minutes: Amount = Amount(3, 3)
    in_parts: bool = False


@dataclass(frozen=True)
class SystemCard:
    """A system: what it takes, what may be chosen of it, and what builds it.

    Attributes:
        name: in the configuration.
        title: in tables and figures.
        space: from the readings to the search space. Without choices nothing is searched; with a
            baseline in each there is a hand-made architecture.
        network: builds the network, mostly a dotted name such as
            ``"sernas.models.cnn_rnn_att:CNNRNNAttention"``: takes the search space, (channels,
            bins) of each input, the number of emotions, the readings, and ``arguments``.
        arguments: of ``network``; those that are dotted names stand for themselves.
        streams: what it takes, in the order of its inputs.
        parts: the systems of one stream each that are searched in its place, in the order of its
            streams; their architectures are joined.
        cost: what its jobs ask a scheduler for.
        stacks: whether a step can be that of several of its networks; see
            :mod:`sernas.models.stacked`.
        trainer: what trains it, a function in a dotted name; None: that of the strategy. See
            :func:`sernas.search.strategy.trainer_of`.
    """

    name: str
    title: str
    space: Callable[[SpaceSettings], SearchSpace]
    network: str | Callable[..., Any]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    streams: tuple[str, ...] = ("spectrogram",)
    parts: tuple[str, ...] = ()
    cost: Cost = Cost()
    stacks: bool = False
    trainer: str | None = None


def nothing(settings: SpaceSettings) -> SearchSpace:
    """The space of a system of which nothing is searched."""
    return SearchSpace(())


SYSTEMS: Registry[SystemCard] = Registry("system", "sernas.systems")


def search_space(system: str, settings: SpaceSettings | None = None) -> SearchSpace:
    """The search space of ``system``.

    Raises:
        SettingsError: no such system, or candidates that it cannot have.
    """
    settings = settings or SpaceSettings()
    return SYSTEMS[system].space(settings).with_candidates(settings.candidates)


def baseline_of(system: str) -> str | None:
    """The linear baseline on what ``system`` takes: on a speech model's layers, else on a
    spectrogram. None: it takes neither, or is no longer known."""
    taken = SYSTEMS[system].streams if system in SYSTEMS else ()
    if "embeddings" in taken:
        return "linear_embeddings"
    return "linear" if "spectrogram" in taken else None


def baseline_beside(system: str, settings: SpaceSettings) -> str | None:
    """The baseline that decides beside a network of ``system``, if the readings have one."""
    if settings.beside == "none" or SYSTEMS[system].trainer:  # which is none itself
        return None
    return baseline_of(system)


def streams(system: str) -> tuple[str, ...]:
    """What ``system`` takes, in the order of its inputs.

    Raises:
        SettingsError: no such system.
    """
    return SYSTEMS[system].streams
