"""What of a run is done, and how long the rest takes: results made by hand, of four rows."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest

from sernas.base.diary import Entry, write_entry
from sernas.base.errors import SernasError
from sernas.plan import record
from sernas.plan.record import Job, Plan, keep_plan, read_plan
from sernas.plan.status import status_of

BEGAN = 1_000_000.0


def a_job(step, strategy, epochs=0, system="cnn_seqcap", folds=(1, 2), **more):
    row = f"{system}_{strategy}_seed1"
    files = [f"{step}/{system}/{strategy}/seed1/fold{fold}.json" for fold in folds]
    costs = [f"costs/{path}" for path in files] if epochs else []
    log, resume = f"logs/{step}/{row}.log", f"resume/{step}/{row}" if epochs else ""
    job = Job(
        *(step, ".", system, strategy, 1, epochs, 3.0, True, log),
        *(f"benchmarks/{step}/{row}.tsv", resume, [*files, *costs], costs),
    )
    return replace(job, **more)


class SnakemakeJob(SimpleNamespace):
    __hash__ = object.__hash__


class Results:
    """A folder of results, and what is written there after a run began."""

    def __init__(self, folder, *jobs, process=None):
        self.folder = folder
        plan = Plan(record.platform.node(), process or os.getpid(), list(jobs))
        self.write(record.NAME, json.dumps(asdict(plan)), BEGAN)

    def write(self, name, text="", at=BEGAN + 10):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (at, at))

    def finish(self, job, seconds=0.0, rest=0.0):
        """Write all that a job makes, each fold in so many seconds."""
        for path in job.outputs:
            cost = {"epochs": job.epochs, "seconds": seconds}
            self.write(path, json.dumps(cost) if path in job.costs else "")
        self.write(job.log)
        took = seconds * len(job.costs) + rest
        self.write(job.benchmark, f"s\th:m:s\n{took}\t-\n")

    def rows(self):
        return {row["strategy"]: row for row in status_of(self.folder).table()}


@pytest.fixture
def ended():
    """The number of a process that has."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_rows_are_done_running_failed_and_to_come(tmp_path):
    jobs = {name: a_job("train", name, 10) for name in ("none", "random", "joint", "dropout")}
    results = Results(tmp_path, *jobs.values())
    results.finish(jobs["none"], seconds=20)
    results.write(jobs["random"].outputs[0])
    results.write(jobs["random"].costs[0], '{"epochs": 10, "seconds": 20}')
    for number in (1, 2, 3):
        place = tmp_path / jobs["random"].resume / "fold2/candidate1"
        write_entry(place, Entry(number, 2.0 * number, {}))
    results.write(jobs["random"].log)
    error = "2026-11-27 07:25:34,814 ERROR the loss became nan; lower it\n"
    results.write(jobs["joint"].log, error)
    rows = results.rows()
    assert {name: row["state"] for name, row in rows.items()} == {
        "none": "done",
        "random": "running",
        "joint": "failed",
        "dropout": "to come",
    }
    assert [rows["random"][key] for key in ("train", "epoch", "left_s")] == ["1/2", "13/20", 14]
    assert [rows["dropout"][key] for key in ("train", "epoch", "left_s")] == ["0/2", None, 40]
    assert rows["none"]["left_s"] == 0
    status = status_of(tmp_path)
    assert [seen.error for seen in status.jobs if seen.error] == ["the loss became nan; lower it"]
    assert (status.running, status.left) == (1, 14 + 40 + 40)


def test_what_was_there_counts_as_made_only_if_it_is_not_made_again(tmp_path):
    kept, redone = (
        a_job("train", name, 10, needed=name == "random") for name in ("none", "random")
    )
    results = Results(tmp_path, kept, redone)
    for path in redone.outputs:
        results.write(path, '{"epochs": 10, "seconds": 5}', BEGAN - 100)
    rows = results.rows()
    assert rows["none"]["state"] == "done"  # whoever removed it since
    assert (rows["random"]["state"], rows["random"]["train"]) == ("to come", "0/2")


def test_a_run_that_has_ended_runs_nothing(tmp_path, ended):
    killed, asked = (a_job("train", name, 10) for name in ("none", "random"))
    results = Results(tmp_path, killed, asked, process=ended)
    results.write(killed.log, "2026-11-27 07:25:34,814 INFO train, epoch 1\n")
    results.write(asked.log, "2026-11-27 07:25:34,814 ERROR stopped by SIGTERM; run again\n")
    assert {row["state"] for row in results.rows().values()} == {"stopped"}
    assert status_of(tmp_path).over


def test_time_is_that_of_the_same_row_else_of_the_system_else_by_the_cards(tmp_path):
    known = a_job("train", "none", 10)
    like = a_job("train", "random", 50)
    other = a_job("train", "none", 10, system="darts_cnn_lstm_c2_l1", minutes=6.0)
    searched = a_job("search", "dropout", 4, minutes=6.0, folds=(1,))
    again = a_job("train", "none", 10, folds=(3,))
    results = Results(tmp_path, known, like, other, searched, again)
    assert {row["left_s"] for row in results.rows().values()} == {None}
    assert status_of(tmp_path).unknown == 5
    results.finish(known, seconds=20, rest=7)
    status = status_of(tmp_path)
    assert list(map(status.left_of, status.jobs)) == [
        0,
        2 * 50 * 2 + 7,
        2 * 10 * 4 + 7,
        4 * 4,
        10 * 2 + 7,
    ]


def test_of_a_fit_the_time_is_that_of_folds(tmp_path):
    first, second = (a_job("train", "none", 1, system=name) for name in ("svm", "linear"))
    first, second = (replace(job, epochs=0) for job in (first, second))
    results = Results(tmp_path, first, second)
    results.finish(first, seconds=3)
    status = status_of(tmp_path)
    assert [status.left_of(seen) for seen in status.jobs] == [0, None]
    results.write(second.outputs[0])
    results.write(second.costs[0], '{"epochs": 0, "seconds": 4}')
    [_, seen] = status_of(tmp_path).jobs
    assert (seen.whole, status_of(tmp_path).left_of(seen)) == (1, 4)


def test_what_is_done_for_no_row_stands_by_itself(tmp_path):
    tables = [a_job(name, "", folds=(1,)) for name in ("make_table", "make_table", "make_folds")]
    results = Results(tmp_path, *tables)
    results.finish(tables[0])
    assert status_of(tmp_path).others() == [
        {"step": "make_folds", "state": "to come", "jobs": "0/1"},
        {"step": "make_table", "state": "done", "jobs": "2/2"},
    ]
    assert status_of(tmp_path).table() == []


def test_without_a_plan_it_says_what_to_name(tmp_path):
    with pytest.raises(SernasError, match="plan.json: expected .* name the folder of results"):
        status_of(tmp_path)


def test_a_plan_has_the_jobs_of_the_graph_relative_to_the_results(tmp_path):
    darts = tmp_path / "darts"
    rule = SimpleNamespace(
        name="darts_search_architecture_1", script="../../scripts/search_architecture.py"
    )
    search = SnakemakeJob(
        rule=rule,
        wildcards=SimpleNamespace(system="cnn_seqcap", strategy="single_path", seed="2"),
        log=[f"{darts}/logs/search_architecture/x.log"],
        output=[f"{darts}/costs/search/x/fold1.json", f"{darts}/search/x/fold1.csv"],
        benchmark=f"{darts}/benchmarks/x.tsv",
        params=SimpleNamespace(
            resume=f"{darts}/resume/search/x",
            search={"epochs": 3, "generations": 2, "population": 4},
        ),
    )
    target = SnakemakeJob(log=[], output=[])
    dag = SimpleNamespace(jobs=[search, target], needrun_jobs=lambda: [])
    keep_plan(SimpleNamespace(dag=dag), tmp_path, gpu=True)
    plan = read_plan(tmp_path)
    assert plan.process == os.getpid()
    [job] = plan.jobs
    assert (job.step, job.of, job.seed, job.epochs, job.needed) == ("search", "darts", 2, 5, False)
    assert job.costs == ["darts/costs/search/x/fold1.json"]
    assert job.resume == "darts/resume/search/x"
