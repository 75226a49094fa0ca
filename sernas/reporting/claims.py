"""What a paper claims of its strategies, tested on our runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import ttest_1samp

from sernas.evaluation.holm import holm
from sernas.evaluation.intervals import Estimate, counted, ua_difference
from sernas.experiments.experiment import Claim, Experiment
from sernas.settings.reporting import EvaluationSettings

Tables = Mapping[tuple[str, str], Sequence[pd.DataFrame]]
"""Of each run of each (system, strategy), with ``seed`` and ``fold``."""

COLUMNS = ["system", "claim", "estimate", "low", "high", "p", "verdict"]
UNTOLD = "cannot be told"


def claims_table(
    experiment: Experiment,
    predictions: Tables,
    histories: Tables,
    settings: EvaluationSettings,
    seed: int,
) -> pd.DataFrame:
    """``system, claim, estimate, low, high, p, verdict``: a row for each system and claim.

    Rows that lack one of the two strategies, or the figure, are left out.

    Args:
        experiment: whose claims they are.
        predictions: see :func:`results_table`.
        histories: of the searches: ``stage, epoch`` and the figures that claims are about.
        settings: of the intervals.
        seed: of the bootstrap.

    Returns:
        ``estimate`` is by how much the figure is higher where the claim says so, in points of UA
        (see :func:`ua_difference`) or of the loss, with its interval. ``p`` is two-sided and
        corrected for all rows (:func:`holm`). The claim "holds" or "does not hold" where that is
        not within noise, else it "cannot be told".
    """
    rows = []
    for system in experiment.systems:
        for claim in experiment.claims:
            tables = predictions if claim.figure == "ua" else histories
            pair = [tables.get((system, name)) for name in (claim.higher, claim.lower)]
            if not all(pair):
                continue
            difference = _difference(claim, *pair, settings, seed)
            if not np.isnan(difference.value):
                rows.append((system, claim.text, *difference))
    table = pd.DataFrame(rows, columns=COLUMNS[:-1])
    table["p"] = holm(table["p"])
    told = table["p"] < 1 - settings.confidence
    verdict = np.where(table["estimate"] > 0, "holds", "does not hold")
    table["verdict"] = np.where(told, verdict, UNTOLD)
    return table.round(4)


def _difference(
    claim: Claim,
    higher: Sequence[pd.DataFrame],
    lower: Sequence[pd.DataFrame],
    settings: EvaluationSettings,
    seed: int,
) -> Estimate:
    """Of two strategies. A loss is paired by run, and its t interval is over the runs: it holds for
    other seeds on these speakers, whom the folds share."""
    if claim.figure == "ua":
        return ua_difference(counted(higher), counted(lower), settings, seed)
    of_runs = (_at_the_end(higher, claim.figure) - _at_the_end(lower, claim.figure)).dropna()
    if len(of_runs) < 2:
        return Estimate(of_runs.mean())
    test = ttest_1samp(of_runs, 0)
    return Estimate(of_runs.mean(), *test.confidence_interval(settings.confidence), test.pvalue)


def _at_the_end(histories: Sequence[pd.DataFrame], figure: str) -> pd.Series:
    """By seed and fold, after the last epoch that trains the supernet's weights."""
    table = pd.concat(histories)
    trained = table[table["stage"] == "weights"].sort_values("epoch")
    return trained.groupby(["seed", "fold"])[figure].last()
