"""How far a job is, by the files that it writes: outputs, log, and diaries of its epochs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sernas.base.diary import NAME, read_diary
from sernas.base.jobs import last_error
from sernas.plan.record import Job

DONE, RUNNING, STOPPED, FAILED, TO_COME = "done", "running", "stopped", "failed", "to come"
NEVER = float("-inf")


@dataclass(frozen=True)
class Seen:
    """How far a job is.

    Attributes:
        state: one of those above.
        whole: folds that are over.
        folds: all there are.
        taken: epochs that are over of other folds.
        seconds: that these took.
        heard: when it last wrote something in this run, in seconds since 1970; 0: never.
        error: the sentence that ended it.
    """

    job: Job
    state: str
    whole: int
    folds: int
    taken: int
    seconds: float
    heard: float
    error: str | None

    @property
    def all_epochs(self) -> int:
        """Of all folds; 0: not known, or there are none."""
        return self.folds * self.job.epochs

    @property
    def epochs(self) -> int:
        """Of these, how many are over."""
        return min(self.whole * self.job.epochs + self.taken, self.all_epochs)


def look_at(job: Job, results: Path, began: float, over: bool) -> Seen:
    """What there is of a job.

    Args:
        began: when the run did, in seconds since 1970. What a job was to make again is not made
            before that.
        over: whether the run has ended, and with it all jobs.
    """
    files = defaultdict(list)
    for path in job.outputs:
        files[_fold_of(path)].append(_written(results / path))
    earliest = began if job.needed else NEVER
    missing = [fold for fold, times in files.items() if min(times) < earliest]
    diaries = _diaries(results / job.resume, missing) if job.resume else {}
    log = _written(results / job.log)
    heard = max([log, *(_written(path) for path in diaries)])
    error = last_error(results / job.log) if missing and log >= began else None
    if not missing:
        state = DONE
    elif log < began:
        state = TO_COME
    elif error and not error.startswith("stopped by"):
        state = FAILED
    else:
        state = STOPPED if error or over else RUNNING
    return Seen(
        job,
        state,
        whole=len(files) - len(missing),
        folds=len(files),
        taken=sum(len(entries) for entries in diaries.values()),
        seconds=sum(entries[-1].seconds for entries in diaries.values()),
        heard=heard if heard >= began else 0.0,
        error=error if state == FAILED else None,
    )


def _diaries(resume: Path, folds: list[str]) -> dict[Path, list]:
    """The entries of each network or search of these folds that has begun."""
    found = [path for fold in folds for path in (resume / fold).rglob(NAME)]
    return {path: entries for path in found if (entries := read_diary(path))}


def _fold_of(path: str) -> str:
    """``"fold3"`` of what is made of a fold."""
    return Path(path).name.partition(".")[0].partition("_")[0]


def _written(path: Path) -> float:
    """When."""
    try:
        return path.stat().st_mtime
    except OSError:
        return NEVER
