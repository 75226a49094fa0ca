import pandas as pd
import pytest

from sernas.base.files import write_csv
from sernas.evaluation.metrics import bootstrap_ua
from sernas.experiments.experiment import EXPERIMENTS
from sernas.reporting.table import results_table
from sernas.settings.reporting import EvaluationSettings

EMOTIONS = ["neutral", "angry", "happy", "sad"]
SETTINGS = EvaluationSettings(bootstrap=300, confidence=0.9)


@pytest.fixture
def table(fold_predictions):
    predictions = {
        ("cnn_seqcap", "dropout"): fold_predictions,
        ("mine", "none"): fold_predictions[:1],
        ("cnn_rnn_att", "none"): fold_predictions,
    }
    params = {"cnn_seqcap": [703_540, 699_956], "mine": [1_234], "cnn_rnn_att": [833_461] * 2}
    architectures = [
        {"system": system, "strategy": strategy, "params": count}
        for system, strategy in predictions
        for count in params[system]
    ]
    paper = EXPERIMENTS["wu2022"]
    return results_table(predictions, architectures, paper, EMOTIONS, SETTINGS, seed=7)


def test_values_worked_out_by_hand(table, fold_predictions):
    row = table.iloc[1].to_dict()
    pooled = pd.concat(fold_predictions)
    low, high = bootstrap_ua(pooled["emotion"], pooled["predicted"], EMOTIONS, 300, 0.9, seed=7)
    assert row == {
        "system": "cnn_seqcap",
        "nas": "dropout",
        "wa": 63.64,  # 7/11 of all utterances
        "ua": 60.71,  # 5/7 of neutral, 2/4 of sad
        "params_k": 701.7,
        "wa_mean": 66.07,  # of 3/4 and 4/7
        "wa_std": 12.63,  # their difference over the root of 2
        "ua_mean": 57.5,  # of 3/4 and 2/5
        "ua_std": 24.75,
        "ua_low": round(100 * low, 2),
        "ua_high": round(100 * high, 2),
        "published_wa": 70.54,
        "published_ua": 56.94,
        "published_params_k": 700,
    }


@pytest.mark.filterwarnings("error")
def test_folds_that_lack_an_emotion(fold_predictions):
    """Their own UA is over what they have; that of the table over what all have together."""
    only_sad = pd.DataFrame([("sad", "sad"), ("sad", "neutral")], columns=["emotion", "predicted"])
    row = ("cnn_seqcap", "none")
    architectures = [{"system": row[0], "strategy": row[1], "params": 1000}] * 3
    (cells,) = results_table(
        {row: [*fold_predictions, only_sad]},
        architectures,
        EXPERIMENTS["wu2022"],
        EMOTIONS,
        SETTINGS,
        seed=7,
    ).to_dict("records")
    assert cells["wa"] == 61.54  # 8/13
    assert cells["ua"] == 60.71  # 5/7 of neutral, 3/6 of sad
    assert cells["ua_mean"] == 55  # of 3/4, 2/5 and 1/2
    assert cells["ua_low"] < cells["ua"] < cells["ua_high"]


def test_file_has_the_columns_in_order_and_blanks_where_nothing_is_known(table, tmp_path):
    write_csv(table, tmp_path / "table2.csv")
    lines = (tmp_path / "table2.csv").read_text().splitlines()
    assert lines[0] == (
        "system,nas,wa,ua,params_k,wa_mean,wa_std,ua_mean,ua_std,ua_low,ua_high,"
        "published_wa,published_ua,published_params_k"
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["cnn_rnn_att", "cnn_seqcap", "mine"]
    assert lines[1].endswith(",68.2,54.89,833")
    one_fold = dict(zip(lines[0].split(","), lines[3].split(","), strict=True))
    assert one_fold["wa_mean"] == "75.0"
    assert one_fold["wa_std"] == one_fold["ua_std"] == ""
    assert one_fold["published_wa"] == one_fold["published_params_k"] == ""


def test_a_paper_that_says_only_the_ua(fold_predictions, tmp_path):
    rows = [("darts_cnn_c8", "darts"), ("cnn_lstm", "none")]
    architectures = [
        {"system": system, "strategy": strategy, "params": 1000} for system, strategy in rows
    ]
    table = results_table(
        dict.fromkeys(rows, fold_predictions),
        architectures,
        EXPERIMENTS["rajapakshe2023"],
        EMOTIONS,
        SETTINGS,
        seed=7,
    )
    write_csv(table, tmp_path / "table_darts.csv")
    header, *lines = (tmp_path / "table_darts.csv").read_text().splitlines()
    assert header.endswith(",published_wa,published_ua,published_params_k")
    assert [line.split(",")[0] for line in lines] == ["cnn_lstm", "darts_cnn_c8"]
    assert [line.split(",")[-3:] for line in lines] == [["", "56.75", ""], ["", "", ""]]


def test_another_papers_figures_do_not_stand_in_the_table(fold_predictions):
    row = ("cnn", "none")
    architectures = [{"system": "cnn", "strategy": "none", "params": 1000}]
    (cells,) = results_table(
        {row: fold_predictions}, architectures, EXPERIMENTS["wu2022"], EMOTIONS, SETTINGS, seed=7
    ).to_dict("records")
    assert pd.isna(cells["published_ua"])
