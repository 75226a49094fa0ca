"""The experiment of Rajapakshe et al. 2023 from the corpus to its table and pictures."""

import json

import pandas as pd
import pytest
from workflow.clone import TINIER, Clone

from sernas.models import build_system

SYSTEMS = ["cnn", "cnn_lstm", "darts_cnn_lstm_c4_l2", "darts_cnn_c4"]
CELLS = [(system, nas) for system in SYSTEMS[2:] for nas in ("random", "darts")]
BASELINES = ["linear", "svm"]
HAND_MADE = [(system, "none") for system in (*SYSTEMS[:2], *BASELINES)]
ROWS = [*HAND_MADE, *sorted(CELLS, key=lambda row: row[1] == "darts")]
SHORT = {
    "systems": [*SYSTEMS, *BASELINES],
    "training": {"epochs": 1},
    "search": {"epochs": 2, "stop_at_skips": 8},
    "optimisation": {"batch_size": 16},  # to save time: half the steps
}


@pytest.fixture(scope="module")
def darts(tmp_path_factory):
    clone = Clone(tmp_path_factory.mktemp("darts"), TINIER | {"rajapakshe2023": SHORT})
    status, text = clone.snakemake("results/table_darts.csv", "darts_all")
    assert status == 0, text
    return clone


@pytest.fixture
def table(darts):
    table = pd.read_csv(darts.folder / "results/table_darts.csv", keep_default_na=False)
    return table.set_index(["system", "nas"])


def test_every_row_is_there_beside_the_published_figure(table):
    assert set(table.index) == set(ROWS)
    assert table.published_ua[["cnn", "cnn_lstm"]].tolist() == ["72.58", "56.75"]
    assert set(table.published_wa) == set(table.published_params_k) == {""}
    assert table.ua.between(0, 100).all()


def test_the_default_makes_the_rows_of_the_demo(clone):
    status, text = clone.snakemake("results/table_darts.csv", "-n")
    assert status == 0, text
    (inputs,) = [
        line
        for line in text.splitlines()
        if line.strip().startswith("input:")
        and "results/darts/predictions/cnn/none" in line
        and "models/cnn_lstm/none" in line
    ]
    rows = {tuple(path.split("/")[-4:-2]) for path in inputs.split(", ") if "predictions" in path}
    hand_made = {"cnn", "cnn_lstm"}
    searched = {f"darts_cnn_lstm_{size}" for size in ("c4_l1", "c4_l2", "c8_l1")}
    expected = {(system, nas) for system in searched for nas in ("random", "darts")}
    assert rows == expected | {(system, "none") for system in hand_made}


def test_it_is_all_in_a_folder_of_its_own(darts):
    results = {path.name for path in (darts.folder / "results").iterdir()}
    assert results == {
        *("darts", "corpus", "logs", "benchmarks", "plan.json"),
        *("table_darts.csv", "table_darts.md", "table_darts.tex"),
    }
    config = json.loads((darts.folder / "results/darts/provenance.json").read_text())["config"]
    assert config["optimisation"]["optimizer"] == "sgd"
    assert config["search"]["epochs"] == 2


@pytest.mark.parametrize(("system", "nas"), CELLS)
def test_what_was_trained_is_the_genotype_that_is_listed_and_drawn(darts, system, nas):
    results = darts.folder / "results/darts"
    listed = pd.read_csv(results / "architectures.csv").set_index(["system", "nas", "fold"])
    for fold in (1, 2):
        summary = json.loads((results / f"models/{system}/{nas}/seed1/fold{fold}.json").read_text())
        found = json.loads((results / f"search/{system}/{nas}/seed1/fold{fold}.json").read_text())
        assert found == [summary["architecture"]]
        network = build_system(system, n_bins=32, architecture=summary["architecture"])
        row = listed.loc[(system, nas, fold)]
        assert network.parameter_count() == summary["params"] == row.params
        assert row.normal.count("(") == row.reduction.count("(") == 8
        assert (results / f"cells/{system}_{nas}/seed1/fold{fold}.png").stat().st_size > 20000


def test_searches_leave_the_signs_of_collapse(darts):
    results = darts.folder / "results/darts"
    for system in SYSTEMS[2:]:
        history = pd.read_csv(results / f"search/{system}/darts/seed1/fold1.csv")
        assert history["skips/normal"].between(0, 8).all()
        assert (history.stage == "weights").all()
        for folder in ("collapse", "architecture_weights"):
            assert (results / f"{folder}/{system}_darts.png").stat().st_size > 20000


def test_a_setting_of_the_section_redoes_nothing_else(darts):
    section = "rajapakshe2023={search: {architecture_learning_rate: 0.001}}"
    would_run = darts.would_run("darts_all", "--config", section)
    assert {"darts_search_architecture", "darts_train_system", "darts_make_table"} <= would_run
    assert not {"darts_extract_features", "darts_make_folds", "prepare_corpus"} & would_run
    assert darts.would_run("darts_all") == set()


def test_too_many_folds_are_an_error_before_anything_is_lost(darts):
    kept = (darts.folder / "results/table_darts.csv").read_bytes()
    section = "rajapakshe2023={folds: {count: 40}}"
    status, text = darts.snakemake("results/table_darts.csv", "--config", section)
    assert status != 0
    assert "folds.count" in text
    assert "Traceback" not in text
    assert (darts.folder / "results/table_darts.csv").read_bytes() == kept
    assert list((darts.folder / "results/darts").glob("folds/fold2.csv"))


def test_the_report_holds_it(darts):
    status, text = darts.snakemake("darts_all", "--report", "report.html")
    assert status == 0, text
    html = (darts.folder / "report.html").read_text()
    for name in ("table_darts.csv", "collapse/darts_cnn_c4_darts.png", "fold1.png"):
        assert name in html
