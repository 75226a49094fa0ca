"""Which files rules read and write: those of a row, of its folds, of the streams of a system."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sernas.experiments.experiment import Experiment
from sernas.features.stream import STREAMS
from sernas.plan.rows import Row
from sernas.systems.card import SYSTEMS

OfWildcards = Callable[[Any], list[str]]
"""Files, by the wildcards ``system``, ``strategy`` and ``seed`` of a job."""


def base_of(results: str, experiment: Experiment) -> str:
    """The results of the configuration, which hold manifest and recordings for all experiments.

    Args:
        results: of the experiment.
    """
    own = f"/{experiment.folder}" if experiment.folder else ""
    return results.removesuffix(own)


@dataclass(frozen=True)
class Paths:
    """The files of one experiment.

    Attributes:
        results: their folder.
        folds: the numbers of all folds.
        seeds: those of all runs.
        base: see :func:`base_of`.
        borrowed: streams whose stores are there.
    """

    results: str
    folds: Sequence[int]
    seeds: Sequence[int]
    base: str
    borrowed: Collection[str] = ()

    def for_rows(self, pattern: str, rows: Iterable[Row]) -> list[str]:
        """``pattern``, with system and strategy, perhaps seed and fold, of all runs of rows."""
        return self._filled(pattern, rows, self.seeds)

    def for_seed(self, pattern: str, rows: Iterable[Row]) -> list[str]:
        """The same for a rule with the wildcard seed."""
        return self._filled(pattern, rows, ["{seed}"])

    def _filled(self, pattern: str, rows: Iterable[Row], seeds: Iterable[int | str]) -> list[str]:
        units = product(rows, seeds, self.folds)
        files = [
            f"{self.results}/{pattern}".format(
                system=system, strategy=strategy, seed=seed, fold=fold
            )
            for (system, strategy), seed, fold in units
        ]
        return list(dict.fromkeys(files))

    def per_fold(self, kind: str, suffix: str, folds: Iterable[int], of: str = "") -> list[str]:
        """A file of each fold, for a rule with the wildcards system, strategy and seed.

        Args:
            of: what tells it from another of that kind and suffix, ``_inherited`` for instance.
        """
        folder = f"{self.results}/{kind}/{{system}}/{{strategy}}/seed{{seed}}"
        return [f"{folder}/fold{fold}{of}.{suffix}" for fold in folds]

    def splits(self, folds: Iterable[int]) -> list[str]:
        """Who trains, validates and tests in each fold."""
        return [f"{self.results}/folds/fold{fold}.csv" for fold in folds]

    def stores(self, streams: Iterable[str]) -> list[str]:
        """The store of each stream."""
        return [f"{self._store(stream)}.h5" for stream in streams]

    def excluded(self, streams: Iterable[str]) -> list[str]:
        """What the store of each stream leaves out."""
        return [f"{self._store(stream)}_excluded.csv" for stream in streams]

    def _store(self, stream: str) -> str:
        folder = self.base if stream in self.borrowed else self.results
        return f"{folder}/{STREAMS[stream].store}"

    def statistics(self, folds: Iterable[int], streams: Sequence[str]) -> list[str]:
        """What normalises: of each fold the statistics of all streams."""
        own = [STREAMS[stream].statistics for stream in streams]
        return [f"{self.results}/folds/fold{fold}{each}.npz" for fold in folds for each in own]

    def data(self, folds: Sequence[int]) -> dict[str, list[str] | OfWildcards]:
        """What a network of a job's system reads of these folds."""
        return {
            "stores": lambda wildcards: self.stores(SYSTEMS[wildcards.system].streams),
            "splits": self.splits(folds),
            "statistics": lambda wildcards: self.statistics(
                folds, SYSTEMS[wildcards.system].streams
            ),
        }

    def found_for_parts(self, folds: Iterable[int]) -> OfWildcards:
        """What searches of each stream alone found: of each stream all of these folds."""
        return lambda wildcards: [
            f"{self.results}/search/{part}/{wildcards.strategy}/seed{wildcards.seed}/fold{fold}.json"
            for part in SYSTEMS[wildcards.system].parts
            for fold in folds
        ]
