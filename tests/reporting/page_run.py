"""A run of three rows, as the page of results reads it, without a network."""

import json
from pathlib import Path

import pandas as pd
import yaml
from matplotlib.figure import Figure

from sernas.base.files import write_csv
from sernas.experiments.experiment import EXPERIMENTS
from sernas.reporting.page.writing import write_page
from sernas.reporting.table import results_table
from sernas.settings.reporting import EvaluationSettings

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "config/config.yaml").read_text())
EMOTIONS = CONFIG["emotions"]
HOSTILE = """<script>alert("1")</script>&'"""
RIGHT = {("cnn_rnn_att", "none"): 6, ("cnn_rnn_att", "dropout"): 3, ("linear", "none"): 4}
"""By row: how many of a speaker's dozen utterances are recognised but for a few."""


def predictions(row):
    """Of two seeds and two folds, each of two speakers."""
    runs = []
    for seed, fold in ((1, 1), (1, 2), (2, 1), (2, 2)):
        rows = []
        for number, speaker in enumerate(("NA", HOSTILE) if fold == 1 else ("C", "D")):
            for n in range(12):
                wrong = n >= RIGHT[row] + (number * len(row[1]) + fold * seed + len(row[0])) % 3
                emotion = EMOTIONS[n % 4]
                predicted = EMOTIONS[(n + wrong) % 4]
                rows.append((f"{speaker}{n}", speaker, emotion, 1.0 + n / 10, predicted))
        columns = ["utterance", "speaker", "emotion", "seconds", "predicted"]
        runs.append(pd.DataFrame(rows, columns=columns).assign(seed=seed, fold=fold))
    return runs


def make_run(folder, rows=tuple(RIGHT), searched=True):
    """Write what a run of these rows makes, and its page; the path of that."""
    tested = {row: predictions(row) for row in rows}
    networks = [{"system": s, "strategy": n, "params": 5000 + len(n)} for s, n in rows]
    cost = {"epochs": 2, "steps": 10, "seconds": 1.5, "peak_mb": 300.0}
    flops = {"none": 2e12, "dropout": 12e12}
    costs = {row: [cost | {"flops": flops[row[1]]}] for row in rows if row[0] != "linear"}
    settings = EvaluationSettings(200, 0.95)
    paper = EXPERIMENTS["wu2022"]
    table = folder / "table2.csv"
    write_csv(results_table(tested, networks, costs, paper, EMOTIONS, settings, 1), table)
    reasons = [("a<b>.wav", HOSTILE, "silent"), ("c.wav", "C", "too short"), ("d", "D", "silent")]
    excluded = pd.DataFrame(reasons, columns=["utterance", "speaker", "reason"])
    write_csv(excluded.assign(path="p", emotion="sad"), folder / "excluded.csv")
    write_csv(_architectures(rows), folder / "architectures.csv")
    config = CONFIG | {"corpus": "mine", "evaluation": {"bootstrap": 200, "confidence": 0.95}}
    (folder / "provenance.json").write_text(json.dumps(_provenance(config)))
    files = ["excluded.csv", "architectures.csv", "provenance.json"]
    if searched:
        write_csv(_searches(), folder / "searches.csv")
        write_csv(_claims(), folder / "claims.csv")
        files += ["searches.csv", "claims.csv"]
        files.append(_picture(folder, "diagnostics/cnn_rnn_att_dropout.png"))
    kinds = ("confusion", "speakers", "durations")
    files += [_picture(folder, f"{kind}/{s}_{n}.png") for kind in kinds for s, n in rows]
    for (system, strategy), runs in tested.items():
        for run in runs:
            name = f"{system}/{strategy}/seed{run.seed[0]}/fold{run.fold[0]}.csv"
            write_csv(run.drop(columns=["seed", "fold"]), folder / "predictions" / name)
            write_csv(_history(system), folder / "models" / name)
    write_page(
        paper,
        table,
        [folder / name for name in files],
        sorted((folder / "predictions").rglob("*.csv")),
        sorted((folder / "models").rglob("*.csv")),
        ROOT / "workflow/report",
        "cnn_rnn_att",
        folder / "report.html",
    )
    return folder / "report.html"


def _architectures(rows):
    runs = [(s, n, seed, fold) for s, n in rows for seed in (1, 2) for fold in (1, 2)]
    table = pd.DataFrame(runs, columns=["system", "nas", "seed", "fold"])
    searched = table["system"] != "linear"
    kernels = (table["fold"].map({1: "2x8", 2: "3x5"})).where(table["nas"] == "dropout", "2x8")
    return table.assign(conv2d_1=kernels.where(searched), params=5000)


def _searches():
    figures = {"largest_weight": 1.2, "gradient_to_noise": None, "kappa": 0.1, "kappa_low": -0.2}
    figures |= {"kappa_high": 0.4, "mixture_loss": 1.0, "paths_loss": 1.3}
    row = {"system": "cnn_rnn_att", "nas": "dropout", "runs": 4, "moved": 1} | figures
    return pd.DataFrame([row | {"note": "3 of 4 searches have not moved."}])


def _claims():
    row = {"system": "cnn_rnn_att", "claim": "UA of dropout above none", "estimate": -25.0}
    return pd.DataFrame(
        [row | {"low": -40.0, "high": -10.0, "p": 0.01, "verdict": "does not hold"}]
    )


def _history(system):
    if system == "linear":
        return pd.DataFrame({"c": [0.1, 1.0], "score": [0.4, 0.5]})
    losses = {"loss": [1.4, 1.0], "validation_loss": [1.5, 1.25], "validation_wa": [0.3, 0.4]}
    return pd.DataFrame({"candidate": 1, "epoch": [1, 2], "learning_rate": 0.001} | losses)


def _picture(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([1, 2])
    figure.savefig(folder / name, dpi=40)
    return name


def _provenance(config):
    machine = {"cpu": "a CPU", "cores": 2, "memory_gib": 8, "gpus": [], "system": "Linux"}
    hardware = {"trained_on": ["a GPU"], "trained_in": ["float32"], "table_made_on": machine}
    return {
        "time": "2026-11-27T08:00:00+00:00",
        "git": {"commit": "0123abc", "dirty": True},
        "versions": {"python": "3.11", "nni": None},
        "plugins": {},
        "corpus": {"name": "mine", "checksum": "f00"},
        "features": [],
        "seeds": {"seed": 1},
        "hardware": hardware,
        "config": config,
    }
