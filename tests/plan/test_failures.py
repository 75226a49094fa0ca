"""What a failed run leaves, on a small graph: store -> {train, other} -> table -> report."""

from types import SimpleNamespace

import pytest

from sernas.plan import failures


class Job:
    def __init__(self, name, tmp_path, needs=()):
        self.name, self.needs = name, needs
        self.output, self.log = [f"{name}.csv"], [str(tmp_path / f"{name}.log")]
        self.rule = SimpleNamespace(params=SimpleNamespace())

    def is_group(self):
        return False

    def __iter__(self):
        raise AssertionError("a job is no group")


class Group(list):
    def is_group(self):
        return True

    __hash__ = object.__hash__


class Graph:
    """As Snakemake's: ``bfs`` yields the jobs that it begins with, then what lies behind them."""

    def __init__(self, jobs, done):
        self.jobs, self._done = jobs, done
        self.dependencies = {job: {other: set() for other in job.needs} for job in jobs}
        self.depending = {
            job: {other: set() for other in jobs if job in other.needs} for job in jobs
        }

    def needrun_jobs(self):
        return list(self.jobs)

    def noneedrun_finished(self, job):
        return job in self._done

    def bfs(self, direction, *jobs, stop=lambda job: False):
        queue, seen = list(jobs), set(jobs)
        while queue:
            job = queue.pop(0)
            if stop(job):
                continue
            yield job
            new = [other for other in direction[job] if other not in seen]
            seen.update(new)
            queue.extend(new)


@pytest.fixture
def run(tmp_path):
    store = Job("store", tmp_path)
    train, other = Job("train", tmp_path, [store]), Job("other", tmp_path, [store])
    table = Job("table", tmp_path, [train, other])
    report = Job("report", tmp_path, [table])
    jobs = SimpleNamespace(store=store, train=train, other=other, table=table, report=report)
    started = []
    workflow = SimpleNamespace(
        dag=Graph([store, train, other, table, report], done=()),
        scheduler=SimpleNamespace(failed=[train]),
        persistence=SimpleNamespace(started=started.append),
    )
    return SimpleNamespace(jobs=jobs, workflow=workflow, started=started)


def test_what_was_made_from_what_failed_is_redone(run):
    failures.have_orphans_redone(run.workflow, print)
    assert run.started == [run.jobs.table, run.jobs.report]


def test_each_job_of_a_group_that_failed_counts(run):
    run.workflow.scheduler.failed = [Group([run.jobs.train, run.jobs.other])]
    assert failures.failed_jobs(run.workflow) == {run.jobs.train, run.jobs.other}


def test_why_a_file_was_not_made_is_the_last_error_of_what_failed(run, tmp_path):
    (tmp_path / "train.log").write_text(
        "2026-11-20 10:00:00,000 ERROR first\n2026-11-20 10:00:01,000 ERROR the loss became nan\n"
    )
    assert failures.why_not_made(run.workflow, run.jobs.table) == {
        "train.csv": "the loss became nan",
        "other.csv": "not run",
    }


def test_a_job_that_was_killed_says_where_its_log_is(run):
    log = run.jobs.train.log[0]
    reasons = failures.why_not_made(run.workflow, run.jobs.table)
    assert reasons["train.csv"] == f"killed, or ended without an error in {log}"


def test_a_step_that_cannot_be_done_is_told_and_the_next_is_done(run):
    def broken(job):
        raise OSError("no room")

    run.workflow.persistence.started = broken
    told = []
    failures.clean_up(run.workflow, told.append)
    assert told == ["have_orphans_redone could not be done: OSError('no room')"]


def test_a_run_without_tables_keeps_none(run):
    told = []
    failures.keep_partial_tables(run.workflow, told.append)
    assert told == []
