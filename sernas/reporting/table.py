"""WA, UA and size of every system and strategy, beside the published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sernas.evaluation.metrics import bootstrap_ua, ua, wa
from sernas.experiments.experiment import Experiment, in_paper_order
from sernas.settings.reporting import EvaluationSettings

COLUMNS = [
    *("system", "nas", "wa", "ua", "params_k"),
    *("wa_mean", "wa_std", "ua_mean", "ua_std", "ua_low", "ua_high"),
    *("published_wa", "published_ua", "published_params_k"),
]


def results_table(
    predictions: Mapping[tuple[str, str], Sequence[pd.DataFrame]],
    architectures: Sequence[Mapping],
    experiment: Experiment,
    emotions: Sequence[str],
    settings: EvaluationSettings,
    seed: int,
) -> pd.DataFrame:
    """One row for each (system, strategy), in the order of :func:`in_paper_order`.

    Args:
        predictions: a table with the columns ``emotion`` and ``predicted`` for each fold.
        architectures: ``system``, ``strategy`` and ``params`` of each fold's network.
        experiment: whose figures stand beside ours.
        emotions: the classes.
        settings: the bootstrap interval of the pooled UA.
        seed: of the bootstrap.

    Returns:
        ``wa``, ``ua`` and the interval ``ua_low`` to ``ua_high`` over the test utterances of all
        folds together; mean and standard deviation (n - 1; blank for one fold) over the folds'
        own values, of which a UA is over the emotions that the fold tests; all in percent.
        ``params_k`` is the mean over the folds, in thousands. The published columns are blank for
        a row that the paper lacks.
    """
    rows = []
    for row in in_paper_order(predictions):
        own = [a for a in architectures if (a["system"], a["strategy"]) == row]
        rows.append(
            known(row, experiment) | measured(predictions[row], own, emotions, settings, seed)
        )
    return as_table(rows, COLUMNS)


def known(row: tuple[str, str], experiment: Experiment) -> dict[str, Any]:
    """The cells of a (system, strategy) that stand before anything is run: names and the paper's
    figures."""
    published = experiment.published[row]._asdict() if row in experiment.published else {}
    cells = {f"published_{name}": value for name, value in published.items()}
    return {"system": row[0], "nas": row[1], **cells}


def measured(
    folds: Sequence[pd.DataFrame],
    architectures: Sequence[Mapping],
    emotions: Sequence[str],
    settings: EvaluationSettings,
    seed: int,
) -> dict[str, float]:
    """The other cells of one row, as :func:`results_table` has them, of that row's folds alone."""
    accuracies = _accuracies(folds, emotions, settings, seed)
    params = [architecture["params"] for architecture in architectures]
    return {
        "params_k": round(sum(params) / len(params) / 1000, 1),
        **{name: round(100 * value, 2) for name, value in accuracies.items()},
    }


def as_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows of cells by column; blank where a row has none."""
    return pd.DataFrame(rows, columns=columns).astype({"published_params_k": "Int64"})


def _accuracies(
    folds: Sequence[pd.DataFrame], emotions: Sequence[str], settings: EvaluationSettings, seed: int
) -> dict[str, float]:
    """WA and UA of one row, pooled and over the folds, as fractions."""
    pooled = pd.concat(folds)
    truth, predicted = pooled["emotion"], pooled["predicted"]
    fold_wa = pd.Series([wa(fold["emotion"], fold["predicted"]) for fold in folds])
    fold_ua = pd.Series([ua(fold["emotion"], fold["predicted"]) for fold in folds])
    low, high = bootstrap_ua(
        truth, predicted, emotions, settings.bootstrap, settings.confidence, seed
    )
    return {
        "wa": wa(truth, predicted),
        "ua": ua(truth, predicted),
        "wa_mean": fold_wa.mean(),
        "wa_std": fold_wa.std(),
        "ua_mean": fold_ua.mean(),
        "ua_std": fold_ua.std(),
        "ua_low": low,
        "ua_high": high,
    }
