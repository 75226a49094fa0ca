"""Hours of a table from known epochs, against those worked out by hand."""

import pandas as pd
import pytest

from sernas.benchmarking.projection import (
    alike,
    protocol_of,
    seconds_of_table,
    segments_of_iemocap,
)

SEGMENTS = 2280 * 2.75  # utterances of the four emotions, 4.5 s in segments of 2 s
TRAIN, VALIDATION = SEGMENTS * 0.8, SEGMENTS * 0.1


@pytest.fixture(scope="module")
def table2():
    return protocol_of("wu2022", {"systems": ["cnn_rnn_att"]})


@pytest.fixture(scope="module")
def darts():
    return protocol_of("rajapakshe2023", {})


def rates(title, rates_by_kind):
    rows = [
        {
            "size": f"{title}, 4096 bins, batch 16",
            "variant": kind,
            "unit": "segments/s",
            "median": r,
        }
        for kind, r in rates_by_kind.items()
    ]
    others = [
        {**rows[0], "unit": "ms", "median": 1e9},
        {**rows[0], "variant": "failed: it did", "median": float("nan")},
    ]
    return pd.DataFrame([*others, *rows])


def test_the_protocols_are_those_of_iemocap(table2, darts):
    assert (table2.features.n_bins, table2.optimisation.batch_size) == (4096, 16)
    assert (darts.features.n_bins, darts.optimisation.batch_size) == (128, 64)
    assert ("darts_cnn_c8", "darts") in darts.rows
    assert segments_of_iemocap(table2) == pytest.approx({"train": TRAIN, "validation": VALIDATION})


def test_hours_are_those_of_all_epochs_of_all_rows(table2):
    kinds = {
        "training": 100.0,
        "joint, weights": 50.0,
        "sampling, weights": 80.0,
        "sampling, architecture": 40.0,
        "dropout, weights": 64.0,
        "dropout, architecture": 32.0,
    }
    trainings = (20 + 5 * 20 + 3 * 20) * TRAIN / 100  # none; random's five; of the searched three
    searches = 60 * TRAIN * (1 / 50 + 1 / 80 + 1 / 64) + 60 * VALIDATION * (1 / 40 + 1 / 32)
    found = seconds_of_table(rates("CNN_RNN_att", kinds), table2, ["cnn_rnn_att"])
    assert found == pytest.approx(5 * (trainings + searches))
    del kinds["dropout, architecture"]
    with pytest.raises(LookupError, match="epochs of CNN_RNN_att, dropout, architecture"):
        seconds_of_table(rates("CNN_RNN_att", kinds), table2, ["cnn_rnn_att"])


def test_more_seeds_and_folds_take_as_many_times_as_long():
    kinds = {"training": 100.0}
    one, all_of_it = (
        seconds_of_table(
            rates("CNN_RNN_att", kinds),
            protocol_of("wu2022", {"systems": ["cnn_rnn_att"], "strategies": ["none"], **changes}),
            ["cnn_rnn_att"],
        )
        for changes in ({}, {"seeds": 3, "folds": {"validation": "both"}})
    )
    assert one == pytest.approx(5 * 20 * TRAIN / 100)
    assert all_of_it == pytest.approx(one * 3 * 2)


def test_what_was_not_measured_counts_as_what_has_as_many_cells():
    measured = ["cnn_lstm", "darts_cnn_lstm_c4_l1", "darts_cnn_lstm_c8_l1"]
    expected = {
        "cnn": "cnn_lstm",
        "darts_cnn_c4": "darts_cnn_lstm_c4_l1",
        "darts_cnn_lstm_c8_l3": "darts_cnn_lstm_c8_l1",
        "cnn_lstm": "cnn_lstm",
    }
    assert {system: alike(system, measured) for system in expected} == expected
