"""What jobs that run a network ask a scheduler for: memory in MB, time in minutes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sernas.features.limits import MOST_AT_ONCE
from sernas.features.stream import STREAMS
from sernas.plan.configuration import Settings
from sernas.plan.recordings import longest_seconds
from sernas.search.ranked import RANKED
from sernas.search.strategy import STRATEGIES, ProxyStrategy, Strategy, SupernetStrategy, trainer_of
from sernas.settings.search import SearchSettings
from sernas.systems.card import SYSTEMS

PROCESS_MB = 2000  # a process with torch
CHUNK_MB = 1500  # of a long utterance, of which networks see so much at a time and no more
START_MINUTES = 10
OF_IEMOCAP = 4096  # bins of the spectrograms that the cards' minutes are of

OfWildcards = Callable[[Any], int]
"""An amount, by the wildcards of a job."""


def network_mb(
    settings: Settings,
    searching: bool = False,
    recordings: str | Path | float | None = None,
    gpu: bool = False,
    at_once: OfWildcards | None = None,
) -> OfWildcards:
    """Memory of a process with torch, and of a step's activations, or of a whole utterance's where
    that is more.

    Args:
        recordings: the table of them, or how many seconds the longest lasts, if whole ones are
            scored.
        gpu: that of a GPU, on which no batch is cut; see :func:`in_parts.parts_of`.
        at_once: networks of which a step is; by default of one.
    """

    def spectrogram(seconds: float) -> float:
        return settings.features.n_bins * settings.features.frames(seconds) * 4 / 2**20

    def megabytes(wildcards: Any) -> int:
        card, seconds = SYSTEMS[wildcards.system], settings.folds.segment_s
        size = settings.features.n_bins * settings.features.frames(seconds)
        activations = getattr(card.cost.activations, _kind(searching))
        segment = activations * spectrogram(seconds)
        segment += sum(STREAMS[stream].step_mb(seconds) for stream in card.streams)
        said = settings.of(wildcards.system)
        batch = said.optimisation.batch_size
        networks = at_once(wildcards) if at_once else 1
        if card.cost.in_parts and not gpu and (searching or not said.training.dropout):
            most = max(1, MOST_AT_ONCE // size)
            networks = 1 if batch > most else networks  # a step in parts is of one
            batch = min(batch, most)
        needed = segment * batch * networks
        if recordings is not None:
            known = isinstance(recordings, float)
            longest = recordings if known else longest_seconds(recordings)
            whole = min(CHUNK_MB, activations * spectrogram(longest))
            whole += sum(STREAMS[stream].utterance_mb(longest) for stream in card.streams)
            needed = max(needed, whole)
        return math.ceil(PROCESS_MB + needed)

    return megabytes


def networks_at_once(settings: Settings) -> OfWildcards:
    """Networks that a training job trains in one step; see :mod:`sernas.training.together`."""

    def number(wildcards: Any) -> int:
        said, usual = settings.of(wildcards.system), Strategy.trainer
        stacks = SYSTEMS[wildcards.system].stacks and not said.training.dropout
        by_steps = trainer_of(wildcards.system, wildcards.strategy) == usual
        return said.jobs.at_once if stacks and by_steps else 1

    return number


def network_minutes(
    settings: Settings, gpu: bool, folds: int, epochs: int | OfWildcards, searching: bool = False
) -> OfWildcards:
    """Time of a job that takes so many epochs on each of its folds."""

    def minutes(wildcards: Any) -> int:
        epoch = epoch_minutes(wildcards.system, gpu, searching, settings.features.n_bins)
        number = epochs(wildcards) if callable(epochs) else epochs
        return math.ceil(START_MINUTES + folds * number * epoch)

    return minutes


def epoch_minutes(system: str, gpu: bool, searching: bool, bins: int = OF_IEMOCAP) -> float:
    """What the card of a system says that an epoch of IEMOCAP takes."""
    card = SYSTEMS[system]
    cost = card.cost.gpu_minutes if gpu else card.cost.cpu_minutes
    of_streams = sum(STREAMS[stream].epoch_minutes[gpu] for stream in card.streams)
    return getattr(cost, _kind(searching)) * bins / OF_IEMOCAP + of_streams


def training_epochs(settings: Settings) -> OfWildcards:
    """Of all candidates in a fold, of which a strategy may have several, and of the best anew."""

    def number(wildcards: Any) -> int:
        training = settings.of(wildcards.system).training
        epochs, anew = training.epochs, training.on_both
        if wildcards.strategy == RANKED:
            return (settings.rank_correlation + anew) * epochs
        strategy = STRATEGIES[wildcards.strategy]
        return strategy.training_epochs(settings.random_candidates, epochs) + anew * epochs

    return number


def search_epochs(settings: SearchSettings) -> OfWildcards:
    """Of all stages of a job's strategy, or what takes as long."""

    def number(wildcards: Any) -> int:
        strategy = STRATEGIES[wildcards.strategy]
        if isinstance(strategy, ProxyStrategy):
            return 1  # or less: a step or two for each that is scored
        stages = strategy.stages(settings) if isinstance(strategy, SupernetStrategy) else ()
        return math.ceil(sum(stage.cost for stage in stages))

    return number


def doubling(amount: int | OfWildcards) -> Callable[..., int]:
    """A resource that doubles with every attempt: ``amount``, or what it says of the wildcards."""

    def resource(wildcards: Any, attempt: int) -> int:
        first = amount(wildcards) if callable(amount) else amount
        return first * 2 ** (attempt - 1)

    return resource


def _kind(searching: bool) -> str:
    return "searching" if searching else "training"
