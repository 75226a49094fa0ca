"""WA, UA, size and cost of every system and strategy, beside the published figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from sernas.base.costs import Cost
from sernas.evaluation.intervals import Counts, counted, ua_interval
from sernas.evaluation.metrics import check_labels, ua, wa
from sernas.experiments.experiment import Experiment, in_paper_order
from sernas.reporting.differences import DIFFERENCES, TO_LINEAR, differences
from sernas.settings.reporting import EvaluationSettings

COLUMNS = [
    *("system", "nas", "wa", "ua", "params_k"),
    *("wa_mean", "wa_std", "ua_mean", "ua_std", "ua_low", "ua_high"),
    *("published_wa", "published_ua", "published_params_k"),
    *("speakers", "seeds", "ua_std_seeds", *DIFFERENCES),
    *("epochs", "steps", "gflop_step", "seconds", "peak_mb"),
]


def results_table(
    predictions: Mapping[tuple[str, str], Sequence[pd.DataFrame]],
    architectures: Sequence[Mapping],
    costs: Mapping[tuple[str, str], Sequence[Cost]],
    experiment: Experiment,
    emotions: Sequence[str],
    settings: EvaluationSettings,
    seed: int,
) -> pd.DataFrame:
    """One row for each (system, strategy), in the order of :func:`in_paper_order`.

    Args:
        predictions: a table for each run, which is a seed and a fold, with the columns ``seed``,
            ``fold``, ``utterance``, ``speaker``, ``emotion`` and ``predicted``.
        architectures: ``system``, ``strategy`` and ``params`` of each run's network.
        costs: what each run took, search and training: ``epochs``, optimiser ``steps``, ``flops``,
            ``seconds`` and ``peak_mb`` of memory.
        experiment: whose figures stand beside ours.
        emotions: the classes.
        settings: the intervals of the pooled UA.
        seed: of the bootstrap.

    Returns:
        ``wa``, ``ua`` and the interval ``ua_low`` to ``ua_high`` over ``speakers`` and ``seeds``,
        pooled over all runs; mean and standard deviation (n - 1; blank for one fold) over the
        folds of a fold's own values, of which each is the mean over the seeds and a UA is over the
        emotions that the fold tests; ``ua_std_seeds``, the deviation over the seeds of the UA that
        is pooled over the folds; all in percent. The differences are as
        :func:`differences` has them. ``params_k`` is the mean over the runs, in
        thousands. So are the costs, but ``peak_mb``, the largest; ``gflop_step`` are 10^9
        operations a step. The published columns are blank for a row that the paper lacks.

    Raises:
        FoldError, SettingsError: runs are not of the same test utterances.
    """
    cells, counts = {}, {}
    for row in in_paper_order(predictions):
        own = [a for a in architectures if (a["system"], a["strategy"]) == row]
        cells[row], counts[row] = measured(
            predictions[row], own, costs.get(row, ()), emotions, settings, seed
        )
    compared = differences(counts, settings, seed)
    return as_table(known(row, experiment) | cells[row] | compared[row] for row in cells)


def known(row: tuple[str, str], experiment: Experiment) -> dict[str, Any]:
    """The cells of a (system, strategy) that stand before anything is run: names and the paper's
    figures."""
    published = experiment.published[row]._asdict() if row in experiment.published else {}
    cells = {f"published_{name}": value for name, value in published.items()}
    return {"system": row[0], "nas": row[1], **cells}


def measured(
    runs: Sequence[pd.DataFrame],
    architectures: Sequence[Mapping],
    costs: Sequence[Cost],
    emotions: Sequence[str],
    settings: EvaluationSettings,
    seed: int,
) -> tuple[dict[str, float], Counts]:
    """The cells of one row, as :func:`results_table` has them, of that row's runs alone; and what
    other rows are compared with."""
    pooled = pd.concat(runs)
    check_labels(pooled["emotion"], pooled["predicted"], emotions)
    counts = counted(runs)
    params = [architecture["params"] for architecture in architectures]
    cells = {
        "params_k": round(sum(params) / len(params) / 1000, 1),
        "speakers": len(set(counts.speakers)),
        "seeds": pooled["seed"].nunique(),
        **{name: round(100 * value, 2) for name, value in _accuracies(pooled).items()},
        **_cost(costs),
    }
    _, low, high, _ = ua_interval(counts, settings, seed)
    return cells | {"ua_low": round(low, 2), "ua_high": round(high, 2)}, counts


def as_table(rows: Iterable[Mapping[str, Any]], *more: str) -> pd.DataFrame:
    """Rows of cells by column, those of ``more`` last; blank where a row has none. Differences to
    linear baselines have columns where there are any."""
    table = pd.DataFrame(rows, columns=[*COLUMNS, *TO_LINEAR, *more])
    if table[TO_LINEAR].isna().all(axis=None):
        table = table.drop(columns=TO_LINEAR)
    return table.astype(dict.fromkeys(("published_params_k", "speakers", "seeds"), "Int64"))


def _accuracies(pooled: pd.DataFrame) -> dict[str, float]:
    """WA and UA of one row, pooled and over folds and seeds, as fractions."""

    def by(measure, names):
        groups = pooled.groupby(names)
        return pd.Series({key: measure(of["emotion"], of["predicted"]) for key, of in groups})

    cells = {}
    for name, measure in (("wa", wa), ("ua", ua)):
        of_folds = by(measure, ["fold", "seed"]).groupby(level=0).mean()
        cells[name] = measure(pooled["emotion"], pooled["predicted"])
        cells |= {f"{name}_mean": of_folds.mean(), f"{name}_std": of_folds.std()}
    return cells | {"ua_std_seeds": by(ua, "seed").std()}


def _cost(runs: Sequence[Cost]) -> dict[str, float]:
    """The cells of :func:`results_table`; none where nothing is known of the runs."""
    if not runs:
        return {}
    table = pd.DataFrame(runs)
    table["gflop_step"] = table["flops"] / table["steps"] / 1e9
    means = table[["epochs", "steps", "gflop_step", "seconds"]].mean()
    return means.round(3).to_dict() | {"peak_mb": round(float(table["peak_mb"].max()), 1)}
