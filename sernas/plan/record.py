"""What a run of the workflow is to do, kept in its results: ``sernas status`` reads it.

It is written from Snakemake's own graph of jobs, so that it holds what was asked for, of all
experiments and variants, and what of it was there already.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sernas.base.errors import SernasError
from sernas.base.files import read_json, write_text
from sernas.plan.resources import epoch_minutes
from sernas.search.strategy import STRATEGIES, SupernetStrategy
from sernas.settings.search import SearchSettings
from sernas.settings.slices import from_slice
from sernas.systems.card import SYSTEMS

NAME = "plan.json"
"""Of the file, in the folder of results."""

STEPS = {"search_architecture": "search", "train_system": "train", "evaluate_system": "test"}
"""What rows of a table go through, by the script of the job."""


@dataclass(frozen=True)
class Job:
    """A job. Paths are relative to the folder of results.

    Attributes:
        step: of :data:`STEPS`, else the name of the rule.
        of: the folder of its experiment's or variant's results.
        system, strategy, seed: of the row; empty and 0 if it is of none.
        epochs: of each fold; 0: it is not known, or there are none.
        minutes: of an epoch of IEMOCAP, as the system's card has it.
        needed: whether the run is to do it; else its results were there.
        resume: folder of the diaries of its folds; see :mod:`sernas.base.diary`.
    """

    step: str
    of: str
    system: str
    strategy: str
    seed: int
    epochs: int
    minutes: float
    needed: bool
    log: str
    benchmark: str
    resume: str
    outputs: list[str]
    costs: list[str]


@dataclass(frozen=True)
class Plan:
    """What a run was to do when it began, on which machine and by which process."""

    host: str
    process: int
    jobs: list[Job]


def keep_plan(workflow: Any, results: str | Path, gpu: bool) -> None:
    """Write what Snakemake's ``workflow`` is to do into the folder of ``results``."""
    plan = Plan(platform.node(), os.getpid(), list(_jobs(workflow.dag, str(results), gpu)))
    write_text(Path(results, NAME), json.dumps(asdict(plan)))


def read_plan(results: Path) -> Plan:
    """What the newest run was to do.

    Raises:
        SernasError: there is none, or it is damaged.
    """
    if not (results / NAME).exists():
        raise SernasError(
            f"{results / NAME}: expected what the newest run was to do, found no such file; name "
            "the folder of results, or run snakemake, which writes it when it begins"
        )
    plan = read_json(results / NAME)
    return Plan(plan["host"], plan["process"], [Job(**job) for job in plan["jobs"]])


def _jobs(dag: Any, results: str, gpu: bool) -> Iterator[Job]:
    needed = set(dag.needrun_jobs())
    for job in dag.jobs:
        if not job.log:  # a target
            continue
        log, *outputs = (os.path.relpath(str(path), results) for path in (*job.log, *job.output))
        yield Job(
            **_of_row(job, results, gpu),
            of=log.rpartition("logs/")[0].rstrip("/") or ".",
            needed=job in needed,
            log=log,
            benchmark=os.path.relpath(str(job.benchmark), results),
            outputs=outputs,
            costs=[path for path in outputs if "costs/" in path],
        )


def _of_row(job: Any, results: str, gpu: bool) -> dict[str, Any]:
    """What a job has that is of a row."""
    step, wildcards = STEPS.get(Path(str(job.rule.script)).stem), job.wildcards
    if step is None:
        none = {"system": "", "strategy": "", "seed": 0, "epochs": 0, "minutes": 0, "resume": ""}
        return {"step": job.rule.name, **none}
    epochs = _epochs(step, job)
    return {
        "step": step,
        "system": wildcards.system,
        "strategy": wildcards.strategy,
        "seed": int(wildcards.seed),
        "epochs": epochs,
        "minutes": epoch_minutes(wildcards.system, gpu, step == "search"),
        "resume": os.path.relpath(job.params.resume, results) if epochs else "",
    }


def _epochs(step: str, job: Any) -> int:
    """Of each fold: rows that its history will have."""
    if step == "train" and not SYSTEMS[job.wildcards.system].trainer:
        return job.params.epochs
    if step == "search":
        strategy = STRATEGIES[job.wildcards.strategy]
        if isinstance(strategy, SupernetStrategy):
            stages = strategy.stages(from_slice(SearchSettings, job.params.search))
            return sum(stage.epochs for stage in stages)
    return 0
