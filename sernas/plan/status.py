"""What of a run is done, what is running and what is to come, and how long that may take.

All of it is read from the folder of results: while a run goes on, after it stopped, and when it is
over.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sernas.experiments.experiment import in_paper_order
from sernas.plan.pace import Pace
from sernas.plan.record import NAME, STEPS, Plan, read_plan
from sernas.plan.seen import DONE, FAILED, RUNNING, STOPPED, TO_COME, Seen, look_at


@dataclass(frozen=True)
class Status:
    """How far a run is.

    Attributes:
        began: in seconds since 1970.
        now: the same.
        over: whether it has ended.
        jobs: all of them.
        pace: of these.
    """

    began: float
    now: float
    over: bool
    jobs: Sequence[Seen]
    pace: Pace

    def left_of(self, seen: Seen) -> float | None:
        """Seconds of a job that are left; None: nothing is known that tells."""
        if seen.state == DONE:
            return 0.0
        if not seen.job.costs:
            return self.pace.rest(seen.job)
        each = self.pace.epoch(seen.job)
        epochs = seen.all_epochs - seen.epochs if seen.job.epochs else seen.folds - seen.whole
        begun = seen.taken or seen.whole  # what it does before its epochs is over
        rest = 0 if begun else self.pace.rest(seen.job)
        return None if each is None else epochs * each + rest

    @property
    def done(self) -> int:
        """Jobs that are."""
        return sum(seen.state == DONE for seen in self.jobs)

    @property
    def running(self) -> int:
        """Jobs that run now."""
        return sum(seen.state == RUNNING for seen in self.jobs)

    @property
    def left(self) -> float:
        """Seconds of all jobs of which they are known, as many of them side by side as now."""
        work = sum(self.left_of(seen) or 0 for seen in self.jobs)
        longest = max(
            (sum(self.left_of(seen) or 0 for seen in row) for row in self.rows), default=0
        )
        return max(work / max(1, self.running), longest)

    @property
    def unknown(self) -> int:
        """Jobs of which nothing is known that tells how long they take."""
        return sum(self.left_of(seen) is None for seen in self.jobs)

    @property
    def rows(self) -> list[list[Seen]]:
        """The jobs of each row, in the order of the papers, then of seeds."""
        of_rows = [seen for seen in self.jobs if seen.job.step in STEPS.values()]
        names = sorted({(seen.job.system, seen.job.strategy) for seen in of_rows})
        order = {row: place for place, row in enumerate(in_paper_order(names))}

        def key(seen: Seen) -> tuple:
            return seen.job.of, order[seen.job.system, seen.job.strategy], seen.job.seed

        return [list(row) for _, row in groupby(sorted(of_rows, key=key), key)]

    def table(self) -> list[dict[str, object]]:
        """What there is to say of each row.

        ``search``, ``train`` and ``test`` are folds, ``"3/5"``, None where the row has no such
        step; ``epoch`` is of all folds of what is not done, ``"84/175"``; ``left_s`` and
        ``heard_s``, since it last wrote something, are seconds.
        """
        return [self._row(row) for row in self.rows]

    def others(self) -> list[dict[str, object]]:
        """Of what is done for no row: ``step``, ``state`` and the number of ``jobs``, ``"1/3"``."""
        others = [seen for seen in self.jobs if seen.job.step not in STEPS.values()]
        steps = groupby(sorted(others, key=_step), _step)
        of_steps = [(step, [seen.state for seen in jobs]) for step, jobs in steps]
        return [
            {
                "step": step,
                "state": state_of(states),
                "jobs": f"{states.count(DONE)}/{len(states)}",
            }
            for step, states in of_steps
        ]

    def _row(self, row: Sequence[Seen]) -> dict[str, object]:
        job, state = row[0].job, state_of([seen.state for seen in row])
        begun = [seen for seen in row if seen.epochs and seen.state != DONE]
        left = [self.left_of(seen) for seen in row]
        heard = max(seen.heard for seen in row)
        return {
            "results": job.of,
            "system": job.system,
            "strategy": job.strategy,
            "seed": job.seed,
            "state": state,
            **{
                step: _of([(seen.whole, seen.folds) for seen in row if seen.job.step == step])
                for step in STEPS.values()
            },
            "epoch": _of([(seen.epochs, seen.all_epochs) for seen in begun]),
            "left_s": None if None in left else round(sum(left)),
            "heard_s": round(self.now - heard) if heard and state != DONE else None,
        }


def status_of(results: Path) -> Status:
    """How far the newest run with these results is.

    Raises:
        SernasError: there is no plan of it; see :func:`sernas.plan.record.read_plan`.
    """
    plan = read_plan(results)
    began, over = (results / NAME).stat().st_mtime, _over(plan)
    jobs = [look_at(job, results, began, over) for job in plan.jobs]
    return Status(began, time.time(), over, jobs, Pace(results, jobs))


def state_of(states: Sequence[str]) -> str:
    """That of several jobs."""
    return next((each for each in (FAILED, RUNNING, STOPPED, TO_COME) if each in states), DONE)


def _step(seen: Seen) -> str:
    return seen.job.step


def _of(parts: Sequence[tuple[int, int]]) -> str | None:
    return f"{sum(done for done, _ in parts)}/{sum(all_ for _, all_ in parts)}" if parts else None


def _over(plan: Plan) -> bool:
    """Whether the process of the run has ended, which only its own machine can tell: elsewhere it
    is taken to go on."""
    if plan.host != platform.node():
        return False
    try:
        os.kill(plan.process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # another user's
        pass
    return False
