"""How long jobs will take, by what those before them took."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

from sernas.base.costs import Cost
from sernas.base.errors import SernasError
from sernas.base.files import read_json
from sernas.plan.record import Job
from sernas.plan.seen import DONE, Seen


class Pace:
    """Seconds of an epoch, of a whole fold where a job has no epochs, and of all else of a job.

    Args:
        results: the folder of them.
        jobs: of which what is over is read, costs and benchmarks.
    """

    def __init__(self, results: Path, jobs: Iterable[Seen]):
        self._of: dict[tuple, list[float]] = defaultdict(list)
        self._rest: dict[str, list[float]] = defaultdict(list)
        self._by_card: list[float] = []
        for seen in jobs:
            job = seen.job
            costs = list(_costs(results / path for path in job.costs))
            for cost in costs:
                self._learn(job, cost["seconds"], cost["epochs"])
            if seen.taken:
                self._learn(job, seen.seconds, seen.taken)
            if seen.state == DONE or not job.costs:
                spent = sum(cost["seconds"] for cost in costs)
                for seconds in _benchmarked(results / job.benchmark):
                    self._rest[job.step].append(max(0, seconds - spent))

    def _learn(self, job: Job, seconds: float, epochs: int) -> None:
        """So many epochs of ``job`` took so long; without epochs, a fold."""
        each = seconds / max(1, epochs)
        for key in _keys(job):
            self._of[key].append(each)
        if epochs and job.minutes:
            self._by_card.append(each / job.minutes)

    def epoch(self, job: Job) -> float | None:
        """Seconds of one: the median of what is most like it, which is the same row, else the same
        step of the same system, else of all, by what their cards say; None: nothing is known."""
        for key in _keys(job):
            if key in self._of:
                return median(self._of[key])
        if job.epochs and self._by_card:
            return median(self._by_card) * job.minutes
        return None

    def rest(self, job: Job) -> float:
        """Seconds of a job besides its epochs; none where no such job is over."""
        return median(self._rest.get(job.step, [0]))


def _keys(job: Job) -> Iterator[tuple]:
    """What jobs may have in common, the most telling first."""
    yield job.step, job.of, job.system, job.strategy
    yield job.step, job.of, job.system
    yield job.step, job.system


def _costs(paths: Iterable[Path]) -> Iterator[Cost]:
    """Those that are there: a job that begins takes away what was."""
    for path in paths:
        with suppress(SernasError):
            yield read_json(path)


def _benchmarked(path: Path) -> list[float]:
    """The seconds that Snakemake noted, or none."""
    with suppress(OSError, KeyError, ValueError), path.open() as file:
        return [float(row["s"]) for row in csv.DictReader(file, delimiter="\t")]
    return []
