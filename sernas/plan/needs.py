"""Memory, time and disk that a configuration would take for a corpus, roughly."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

from sernas.features.stream import STREAMS
from sernas.plan.configuration import Settings
from sernas.plan.resources import (
    START_MINUTES,
    OfWildcards,
    network_mb,
    network_minutes,
    networks_at_once,
    search_epochs,
    training_epochs,
)
from sernas.plan.rows import Row, Rows
from sernas.plan.streams import streams_of
from sernas.systems.card import SYSTEMS

IEMOCAP_HOURS = 2280 * 4.5 / 3600
"""Of the recordings that the cards' minutes are of: turns of 4.5 s on average (Busso et al. 2008).
"""
MANY = 1000  # folds, so that whole minutes are no matter


@dataclass(frozen=True)
class Need:
    """What a row of the table takes, or a stream of features, which takes disk alone.

    Attributes:
        what: system and strategy, or file.
        memory_mb: of the largest of its jobs.
        cpu_hours, gpu_hours: of all its jobs one after another, on CPUs and with a GPU.
        disk_mb: of what it keeps.
    """

    what: str
    memory_mb: float
    cpu_hours: float = 0.0
    gpu_hours: float = 0.0
    disk_mb: float = 0.0


def needs(settings: Settings, seconds: float, longest: float) -> list[Need]:
    """What features and the rows of the table take.

    Memory is what their jobs ask a scheduler for. Time is what they expect an epoch of IEMOCAP to
    take, in proportion to the length of the recordings.

    Args:
        seconds: of all recordings.
        longest: of the longest, in seconds.
    """
    share = seconds / 3600 / IEMOCAP_HOURS
    found = [_of_stream(stream, settings, seconds) for stream in streams_of(settings.systems)]
    rows = Rows(settings.rows)
    for row in dict.fromkeys([*rows.every, *rows.to_search]):
        memory, hours = [], [0.0, 0.0]
        if row in rows.to_search:
            memory.append(network_mb(settings, searching=True))
            epochs = search_epochs(settings.search)
            hours = [at + _hours(settings, row, epochs, gpu, True) for gpu, at in enumerate(hours)]
        if row in rows.every:
            networks = networks_at_once(settings)
            memory.append(network_mb(settings, recordings=longest, at_once=networks))
            epochs = training_epochs(settings)
            hours = [at + _hours(settings, row, epochs, gpu) for gpu, at in enumerate(hours)]
        most = max(of(_wildcards(row)) for of in memory)
        found.append(Need(" ".join(row), most, *(share * each for each in hours)))
    return found


def _of_stream(name: str, settings: Settings, seconds: float) -> Need:
    stream = STREAMS[name]
    size = stream.disk_mb(stream.settings_in(settings), seconds)
    return Need(f"{stream.store}.h5", stream.extraction_mb, disk_mb=size)


def _hours(
    settings: Settings, row: Row, epochs: OfWildcards, gpu: int, searching: bool = False
) -> float:
    """Of all folds and seeds, for a corpus of IEMOCAP's length."""
    wildcards = _wildcards(row)
    fitted = SYSTEMS[wildcards.system].trainer and not searching  # at once, not by epochs
    of_fold = network_minutes(
        settings, bool(gpu), MANY, (lambda _: 1) if fitted else epochs, searching
    )
    minutes = (of_fold(wildcards) - START_MINUTES) / MANY
    return minutes / 60 * len(settings.folds.numbers) * len(settings.seeds_of_runs)


def _wildcards(row: Row) -> SimpleNamespace:
    return SimpleNamespace(system=row[0], strategy=row[1])
