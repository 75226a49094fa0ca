"""Two folds of three rows, of which more and more is lost."""

import json

import pandas as pd
import pytest

from sernas.base.files import write_csv
from sernas.experiments.experiment import EXPERIMENTS
from sernas.reporting.partial_table import keep_partial, partial_table, remove_partial
from sernas.reporting.result_files import read_predictions, read_summaries
from sernas.reporting.table import COLUMNS, results_table
from sernas.settings.reporting import EvaluationSettings

WU = EXPERIMENTS["wu2022"]
EMOTIONS = ["neutral", "sad"]
SETTINGS = EvaluationSettings(bootstrap=200, confidence=0.9)
ROWS = [("cnn_rnn_att", "none"), ("cnn_rnn_att", "dropout"), ("mine", "new")]
TESTED = {1: "A", 2: "B"}
COSTS = {ROWS[1]: [{"epochs": 2, "steps": 4, "flops": 8, "seconds": 1, "peak_mb": 9}]}


class Results:
    """A folder of results, and the table of what is in it."""

    def __init__(self, folder):
        self.folder = folder
        self.splits = [str(folder / f"folds/fold{k}.csv") for k in TESTED]
        self.predictions, self.summaries = (
            [
                str(folder / kind / "/".join(row) / f"seed1/fold{k}{suffix}")
                for row in ROWS
                for k in TESTED
            ]
            for kind, suffix in (("predictions", ".csv"), ("models", ".json"))
        )

    def path(self, row, fold):
        """Predictions of a row of ``ROWS`` and a fold, both counted from 0."""
        return self.predictions[2 * row + fold]

    def table(self, reasons=()):
        return partial_table(
            self.predictions,
            self.summaries,
            self.splits,
            COSTS,
            dict(reasons),
            WU,
            EMOTIONS,
            SETTINGS,
            seed=3,
        )

    def whole(self):
        return results_table(
            read_predictions(self.predictions, self.splits),
            read_summaries(self.summaries),
            COSTS,
            WU,
            EMOTIONS,
            SETTINGS,
            seed=3,
        )


@pytest.fixture
def results(tmp_path):
    results = Results(tmp_path)
    for path, speaker in zip(results.splits, TESTED.values(), strict=True):
        rows = [(f"{speaker}{i}", speaker, EMOTIONS[i % 2], "test") for i in range(6)]
        split = pd.DataFrame(rows, columns=["utterance", "speaker", "emotion", "role"])
        write_csv(split, path)
        for n, prediction in enumerate(results.predictions):
            if prediction.endswith(path[-9:]):
                guess = [EMOTIONS[(i + (i < n)) % 2] for i in range(6)]
                write_csv(split.drop(columns="role").assign(predicted=guess), prediction)
    for n, path in enumerate(results.summaries):
        (system, strategy), fold = ROWS[n // 2], n % 2 + 1
        summary = {
            "system": system,
            "strategy": strategy,
            "seed": 1,
            "fold": fold,
            "params": 1000 * n,
        }
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(json.dumps(summary))
    return results


def lacks(table, row, missing):
    """One row has no figures but the paper's, and says why; the others have what they had."""
    cells = table.iloc[row]
    assert cells["missing"] == missing
    published = [name for name in COLUMNS if name.startswith("published")]
    ours = [name for name in COLUMNS[2:] if name not in published]
    assert cells[ours].isna().all()
    return table.drop(index=row).drop(columns="missing")


def test_a_row_with_a_reason_is_blank_and_the_others_are_as_in_the_whole_table(results):
    whole = results.whole()
    table = results.table({results.path(1, 0): "loss is nan", results.path(1, 1): "loss is nan"})
    assert list(table.columns) == [*COLUMNS, "missing"]
    pd.testing.assert_frame_equal(
        lacks(table, 1, "folds 1, 2 of seed 1: loss is nan"), whole.drop(index=1), check_exact=True
    )
    assert table["published_ua"][1] == 56.28
    assert list(table["missing"].drop(index=1)) == ["", ""]


def test_a_row_is_compared_with_a_control_only_where_both_are_complete(results):
    compared = [name for name in COLUMNS if name.startswith("vs_none")]
    assert results.whole()["vs_none"].notna().tolist() == [False, True, False]
    both = results.table({results.path(2, 0): "killed"})[compared]
    pd.testing.assert_frame_equal(both, results.whole()[compared], check_exact=True)
    without = results.table({results.path(0, 0): "killed"})
    assert without[compared].isna().all(axis=None)
    assert without["ua"][1] == results.whole()["ua"][1]


def test_predictions_that_are_there_but_not_of_this_run_do_not_count(results):
    table = results.table({results.path(0, 1): "not run"})
    lacks(table, 0, "fold 2 of seed 1: not run")


def test_every_fold_has_its_own_reason(results):
    table = results.table({results.path(2, 0): "killed", results.path(2, 1): "not run"})
    lacks(table, 2, "fold 1 of seed 1: killed; fold 2 of seed 1: not run")


def spoil_utterances(path):
    pd.read_csv(path).replace({"utterance": {"B1": "A1"}}).to_csv(path, index=False)


def spoil_labels(path):
    pd.read_csv(path).assign(predicted="bored").to_csv(path, index=False)


def empty(path):
    with open(path, "w"):
        pass


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (spoil_utterances, "fold2.csv: expected each of the 6 test utterances of fold2 once"),
        (spoil_labels, "the predictions hold bored, but the emotions are neutral, sad"),
        (empty, "fold2.csv: expected a table as CSV, found a truncated"),
    ],
)
def test_a_file_that_is_refused_costs_its_row_alone(results, spoil, reason):
    whole = results.whole()
    spoil(results.path(1, 1))
    table = results.table()
    assert reason in table["missing"][1]
    rest = lacks(table, 1, table["missing"][1])
    pd.testing.assert_frame_equal(rest, whole.drop(index=1), check_exact=True)


def test_a_damaged_summary_is_named(results):
    with open(results.summaries[0], "w") as file:
        file.write('{"params"')
    table = results.table()
    start = f"fold 1 of seed 1: {results.summaries[0]}: expected a JSON file, found a truncated"
    assert table["missing"][0].startswith(start)


def test_what_is_kept_and_told(results):
    table = results.table({results.path(1, 0): "loss is nan", results.path(2, 0): "loss is nan"})
    lines = keep_partial(table, WU, results.folder, 0.9)
    kept = results.folder / "table2_partial.md"
    assert lines == [
        f"1 of the 3 rows of Table 2 are in {kept} and .csv",
        "cnn_rnn_att dropout, mine new: fold 1 of seed 1: loss is nan",
    ]
    csv = pd.read_csv(kept.with_suffix(".csv"))
    assert csv["wa"][0] == results.whole()["wa"][0]
    assert csv["missing"][1] == "fold 1 of seed 1: loss is nan"
    assert "fold 1 of seed 1: loss is nan" in kept.read_text()
    assert "partial" in kept.read_text()
    remove_partial(WU, results.folder)
    remove_partial(WU, results.folder)  # nor does it need one
    assert not list(results.folder.glob("table2_partial*"))


def test_where_no_row_is_complete_an_earlier_table_goes_too(results):
    keep_partial(results.table(), WU, results.folder, 0.9)
    reasons = {path: "no corpus" for path in results.predictions}
    for path in results.splits:  # of a corpus that could not be read, there are none
        (results.folder / path).unlink()
    lines = keep_partial(results.table(reasons), WU, results.folder, 0.9)
    assert lines == [
        "none of the 3 rows of Table 2 is complete",
        "cnn_rnn_att none, cnn_rnn_att dropout, mine new: folds 1, 2 of seed 1: no corpus",
    ]
    assert not list(results.folder.glob("table2_partial*"))


def test_tables_of_two_papers_are_kept_side_by_side(results):
    darts = EXPERIMENTS["rajapakshe2023"]
    for paper in (WU, darts):
        keep_partial(results.table(), paper, results.folder, 0.9)
    remove_partial(WU, results.folder)
    kept = sorted(path.name for path in results.folder.glob("table*"))
    assert kept == ["table_darts_partial.csv", "table_darts_partial.md"]
    reasons = {path: "no corpus" for path in results.predictions}
    lines = keep_partial(results.table(reasons), darts, results.folder, 0.9)
    assert lines[0] == "none of the 3 rows of the DARTS table is complete"
