"""``sernas corpora``."""

import csv
import io
import json

from typer.testing import CliRunner

from sernas.commands.app import app
from sernas.corpora.registry import CORPORA


def test_it_lists_every_corpus_as_csv_and_as_json():
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv"))))
    assert [row["corpus"] for row in rows] == sorted(CORPORA)
    assert json.loads(run("--format", "json")) == rows


def test_the_table_names_where_to_get_one():
    assert "zenodo.org/records/1188976" in run().replace("\n", "")


def run(*options):
    done = CliRunner().invoke(app, ["corpora", *options], env={"COLUMNS": "300"})
    assert done.exit_code == 0, done.output
    return done.output
