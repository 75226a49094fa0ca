"""``sernas status``."""

import csv
import io
import json
import os
import platform
from dataclasses import asdict

import pytest
from typer.testing import CliRunner

from sernas.commands.app import app
from sernas.commands.status import spoken
from sernas.plan.record import Job, Plan

ROW = ("cnn_seqcap", "none", 1, 10, 3.0, True)


@pytest.fixture
def results(tmp_path):
    """Of a run of one row and one table, whose training has failed."""
    files = ["models/fold1.pt"], ["costs/fold1.json"]
    train = Job("train", ".", *ROW, "logs/train.log", "b.tsv", "resume", *files)
    table = Job("make_table", ".", "", "", 0, 0, 0, True, "logs/t.log", "t.tsv", "", ["t.csv"], [])
    plan = Plan(platform.node(), os.getpid(), [train, table])
    (tmp_path / "plan.json").write_text(json.dumps(asdict(plan)))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/train.log").write_text("2026-11-27 07:25:34,814 ERROR no room; make some\n")
    return tmp_path


def run(*options):
    done = CliRunner().invoke(app, ["status", *map(str, options)], env={"COLUMNS": "120"})
    assert done.exit_code == 0, done.output
    return done.output


def test_people_read_a_sentence_a_table_and_what_failed(results):
    text = run(results)
    assert "0 of 2 jobs done, 0 running; left: 1 jobs that nothing is known of." in text
    assert "failed" in text
    assert "make_table 0/1 to come" in text
    assert "logs/train.log: no room; make some" in text


def test_programs_read_the_same(results):
    found = json.loads(run(results, "--format", "json"))
    assert (found["jobs"], found["done"], found["unknown"]) == (2, 0, 1)
    assert [row["state"] for row in found["rows"]] == ["failed"]
    [row] = csv.DictReader(io.StringIO(run(results, "--format", "csv")))
    assert row["state"] == "failed"
    assert row["left_s"] == ""


def test_watching_ends_with_the_run(results):
    (results / "models").mkdir()
    (results / "models/fold1.pt").touch()
    (results / "t.csv").touch()
    assert "2 of 2 jobs done." in run(results, "--watch")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (3600, "60 min"), (12000, "3 h 20 min")]
    + [(187000, "2 d 4 h")],
)
def test_durations_are_spoken(seconds, text):
    assert spoken(seconds) == text
