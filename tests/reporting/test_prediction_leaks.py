"""What stands in the table was tested, once, by a network that did not know the speaker."""

import pandas as pd
import pytest

from sernas.base.errors import FoldError
from sernas.reporting.result_files import read_predictions

ROLES = {
    1: {"A": "test", "B": "validation", "C": "train"},
    2: {"A": "train", "B": "test", "C": "validation"},
}


@pytest.fixture
def files(tmp_path):
    """(splits, predictions) of two folds; emotions that look like numbers."""
    paths = {"folds": [], "cnn_rnn_att/none/seed1": []}
    for k, roles in ROLES.items():
        rows = [
            (f"{speaker}{emotion}", speaker, "", emotion, role)
            for speaker, role in roles.items()
            for emotion in ("1", "2")
        ]
        split = pd.DataFrame(rows, columns=["utterance", "speaker", "session", "emotion", "role"])
        predictions = split[split["role"] == "test"].drop(columns=["session", "role"])
        for name, table in zip(paths, (split, predictions.assign(predicted="1")), strict=True):
            path = tmp_path / name / f"fold{k}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            table.to_csv(path, index=False)
            paths[name].append(path)
    return list(paths.values())


def test_sound_predictions_are_read_as_text(files):
    splits, predictions = files
    ((key, tables),) = read_predictions(predictions, splits).items()
    assert key == ("cnn_rnn_att", "none")
    assert [set(table["speaker"]) for table in tables] == [{"A"}, {"B"}]
    assert set(tables[0]["emotion"]) == {"1", "2"}
    assert set(tables[0]["predicted"]) == {"1"}


def edit(path, change):
    change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: pd.concat([table, table[:1]]),  # an utterance twice
        lambda table: table[1:],
        lambda table: table.replace({"utterance": {"A1": "C1"}}),  # who trains
        lambda table: table.replace({"utterance": {"A1": "B1"}, "speaker": {"A": "B"}}),
        lambda table: pd.concat([table, table.assign(utterance="B1", speaker="B")]),
        lambda table: table.replace({"emotion": {"2": "1"}}),
    ],
)
def test_predictions_of_what_the_fold_does_not_test(files, change):
    splits, predictions = files
    edit(predictions[0], change)
    with pytest.raises(FoldError, match="fold1.csv: expected each of the 2 test utterances"):
        read_predictions(predictions, splits)


def test_predictions_of_another_fold(files):
    splits, predictions = files
    predictions[1].write_bytes(predictions[0].read_bytes())
    with pytest.raises(FoldError, match="fold2.csv: expected each .* delete the file and run"):
        read_predictions(predictions, splits)


def test_a_speaker_who_tests_in_two_folds(files):
    splits, predictions = files
    for path in (splits[1], predictions[1]):
        path.write_bytes(path.with_name("fold1.csv").read_bytes())
    with pytest.raises(FoldError, match="found A in fold1.csv and fold2.csv; delete"):
        read_predictions(predictions, splits)


def test_inner_folds_of_two_outer_ones_may_test_a_speaker_twice(files):
    """Among others: the outer folds leave different speakers out."""
    splits, predictions = files
    edit(splits[0], lambda table: table[table["speaker"] != "C"])
    edit(
        splits[1], lambda table: table[table["speaker"] != "B"].replace({"role": {"train": "test"}})
    )
    edit(predictions[1], lambda table: table.replace("B", "A", regex=True))
    ((_, tables),) = read_predictions(predictions, splits).items()
    assert [set(table["speaker"]) for table in tables] == [{"A"}, {"A"}]
