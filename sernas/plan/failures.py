"""What a run with failed jobs leaves: what is to be redone, and a table of what there is.

The arguments are Snakemake's own: ``workflow``, its graph of jobs ``workflow.dag``, and jobs.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sernas.base.jobs import last_error
from sernas.experiments.experiment import as_shown
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

Job = Any


def clean_up(workflow: Any, tell: Callable[[str], None]) -> None:
    """Do what is to be done after failures; what cannot be done is told, and nothing is raised,
    since it must not stand before why the run ended."""
    for step in (have_orphans_redone, keep_partial_tables):
        try:
            step(workflow, tell)
        except Exception as error:
            tell(f"{step.__name__} could not be done: {error!r}")


def failed_jobs(workflow: Any) -> set[Job]:
    """The jobs of this run that failed, each of a group by itself."""
    failed: set[Job] = set()
    for job in workflow.scheduler.failed:
        failed.update(job if job.is_group() else [job])
    return failed


def have_orphans_redone(workflow: Any, tell: Callable[[str], None]) -> None:
    """Mark older results of what failed as incomplete, so that the next run redoes them.

    Snakemake has removed what they were made from, and does not miss it: it would take them for up
    to date, and put rows of two settings into one table.
    """
    failed = failed_jobs(workflow)
    for job in workflow.dag.bfs(workflow.dag.depending, *failed):
        if job not in failed:
            workflow.persistence.started(job)


def why_not_made(workflow: Any, job: Job) -> dict[str, str]:
    """Why each file that a job waits for was not made in this run: a sentence by its path."""
    dag, failed = workflow.dag, failed_jobs(workflow)
    unmade, reasons = set(dag.needrun_jobs()), {}
    for maker in unmade.intersection(dag.dependencies[job]):
        awaited = dag.bfs(dag.dependencies, maker, stop=dag.noneedrun_finished)
        logs = [each.log[0] for each in reversed(list(awaited)) if each in failed]
        # the first on the way from the corpus: behind it are only logs of earlier runs
        ended = f"killed, or ended without an error in {logs[0]}" if logs else "not run"
        reason = next(filter(None, map(last_error, logs)), ended)
        reasons.update(dict.fromkeys(map(str, maker.output), reason))
    return reasons


def keep_partial_tables(workflow: Any, tell: Callable[[str], None]) -> None:
    """Write and tell what there is of each table that was asked for and not made.

    The jobs that make one are those with an experiment among their parameters.
    """
    from sernas.reporting.costs import read_costs
    from sernas.reporting.partial_table import keep_partial, partial_table

    for job in workflow.dag.needrun_jobs():
        if not hasattr(job.rule.params, "experiment"):
            continue
        params = job.params
        experiment = as_shown(params.experiment, params.corpus, params.note)
        settings = from_slice(EvaluationSettings, params.evaluation)
        costs = job.input.training_costs, job.input.search_costs
        table = partial_table(
            map(str, job.input.predictions),
            map(str, job.input.summaries),
            map(str, job.input.splits),
            read_costs(*(filter(os.path.exists, map(str, files)) for files in costs)),
            why_not_made(workflow, job),
            experiment,
            params.emotions,
            settings,
            params.seed,
        )
        folder = Path(job.output.csv).parent
        tell("\n".join(keep_partial(table, experiment, folder, settings.confidence)))
