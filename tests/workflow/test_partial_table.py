"""A training that fails costs its row, and nothing else."""

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from workflow.clone import clone_with_folds

SMALL = ["--config", "systems=[cnn_rnn_att]", "strategies=[none, random]", "random_candidates=1"]
ROW = "cnn_rnn_att/random"
OTHER_TABLE = """
use rule make_table as compare_with_another_paper with:
    output:
        csv="<results>/other/table_darts.csv",
        markdown="<results>/other/table_darts.md",
        latex="<results>/other/table_darts.tex",
        provenance="<results>/other/provenance.json",
    log:
        "<results>/logs/another_paper.log",
    benchmark:
        "<results>/benchmarks/another_paper.tsv"
    params:
        experiment="rajapakshe2023",
"""
UNWRITABLE = """
import sernas.reporting.partial_table

sernas.reporting.partial_table.write_text = None
"""


class Run:
    """What one run printed and left behind."""

    def __init__(self, clone, *arguments):
        self.status, self.text = clone.snakemake(*arguments, *SMALL)
        results = clone.folder / "results"
        tables = filter(Path.is_file, results.rglob("table*"))
        self.tables = {path.name: path.read_text() for path in tables}
        self.predictions = sorted(results.glob(f"predictions/{ROW}/seed1/*.csv"))

    def rows(self, name):
        """The cells of each strategy, as they are written."""
        table = pd.read_csv(StringIO(self.tables[name]), dtype=str, keep_default_na=False)
        return {row["nas"]: row for row in table.to_dict("records")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """An architecture's file is cut short, made whole, and cut short again; then, a dry run, one
    that is asked for two tables, and one that cannot write what there is of one."""
    clone = clone_with_folds(tmp_path_factory, tmp_path_factory.mktemp("partial"))
    architecture = clone.folder / f"results/search/{ROW}/seed1/fold2.json"
    status, text = clone.snakemake(str(architecture.relative_to(clone.folder)), *SMALL)
    assert status == 0, text
    whole = architecture.read_bytes()
    runs = []
    for content in (whole[:60], whole, whole[:60]):
        architecture.write_bytes(content)
        runs.append(Run(clone, "results/table2.csv", "--keep-going"))
    runs.append(Run(clone, "results/table2.csv", "--keep-going", "-n"))
    tables = ["results/table2.csv", "results/other/table_darts.csv"]
    for more, targets in ((OTHER_TABLE, tables), (UNWRITABLE, tables[:1])):
        with (clone.folder / "workflow/rules/reporting.smk").open("a") as rules:
            rules.write(more)
        runs.append(Run(clone, *targets, "--keep-going"))
    return runs


def test_the_others_are_kept_with_the_figures_of_the_whole_table(runs):
    partial, whole, *_ = runs
    assert set(partial.tables) == {"table2_partial.csv", "table2_partial.md"}
    complete = whole.rows("table2.csv")["none"]
    lost = dict.fromkeys((name for name in complete if name.startswith("vs_random")), "")
    assert partial.rows("table2_partial.csv")["none"] == complete | lost | {"missing": ""}


def test_the_row_is_there_with_its_reason_which_is_also_told(runs):
    partial = runs[0]
    row = partial.rows("table2_partial.csv")["random"]
    reason = row.pop("missing")
    assert list(filter(None, row.values())) == [*ROW.split("/"), "68.42", "54.81", "833"]
    assert reason.startswith("folds 1, 2, 3, 4, 5 of seed 1: ")
    assert "fold2.json: expected a JSON file, found a truncated" in reason
    assert reason in partial.tables["table2_partial.md"]
    lines = partial.text.splitlines()
    told = lines.index("1 of the 2 rows of Table 2 are in results/table2_partial.md and .csv")
    assert lines[told + 1] == f"cnn_rnn_att random: {reason}"


def test_snakemake_says_itself_what_failed(runs):
    for run in (runs[0], runs[2]):
        assert run.status != 0
        assert "Error in rule train_system" in run.text
        assert "At least one job did not complete successfully." in run.text
        assert "could not be done" not in run.text


def test_a_table_that_cannot_be_kept_does_not_hide_it(runs):
    text = runs[5].text
    assert "keep_partial_tables could not be done: TypeError" in text
    assert "Error in rule train_system" in text
    assert "At least one job did not complete successfully." in text


def test_once_repaired_the_whole_table_takes_its_place(runs):
    whole = runs[1]
    assert whole.status == 0, whole.text
    assert set(whole.tables) == {"table2.csv", "table2.md", "table2.tex"}


def test_predictions_of_an_earlier_network_are_no_results_of_this_run(runs):
    again = runs[2]
    assert len(again.predictions) == 5  # those of the whole table
    assert again.tables["table2_partial.csv"] == runs[0].tables["table2_partial.csv"]


def test_the_next_run_knows_that_they_are_to_be_redone(runs):
    stats = [line.split() for line in runs[3].text.splitlines()]
    for rule in ("train_system", "evaluate_system", "make_table"):
        assert [rule, "1"] in stats, runs[3].text
    assert ["total", "3"] in stats


def test_a_dry_run_leaves_everything_as_it_is(runs):
    assert runs[3].status == 0
    assert runs[3].tables == runs[2].tables
    assert "rows of Table 2" not in runs[3].text


def test_every_table_of_the_run_is_kept(runs):
    run = runs[4]
    assert run.tables["table2_partial.csv"] == runs[0].tables["table2_partial.csv"]
    ours, theirs = (run.rows(f"{table}_partial.csv")["none"] for table in ("table2", "table_darts"))
    assert ours["published_ua"] == "54.89"
    published = [name for name in ours if name.startswith("published")]
    assert theirs == ours | dict.fromkeys(published, "")
    lines = run.text.splitlines()
    for title, name in (("Table 2", "table2"), ("the DARTS table", "other/table_darts")):
        assert f"1 of the 2 rows of {title} are in results/{name}_partial.md and .csv" in lines
    assert "could not be done" not in run.text
