"""Do inherited weights rank architectures as training them alone does?

Some architectures that have nothing to do with any strategy are trained alone, and scored in the
supernet of each search (Yu et al. 2020, "Evaluating the search phase of neural architecture
search"; Yang et al. 2020, "NAS evaluation is frustratingly hard"). All figures are of validation
speakers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from sernas.experiments.experiment import in_paper_order
from sernas.settings.reporting import EvaluationSettings
from sernas.training.selection import kept

ALONE = "(trained alone)"
"""What stands for a strategy in a line of the stand-alone figures' own reliability."""

RUN = ["seed", "fold"]
COLUMNS = [
    *("system", "nas", "architectures", "runs", "tau", "tau_low", "tau_high", "tau_within"),
    *("tau_weights", "ceiling", "regret", "regret_random"),
]


def rank_correlations(
    inherited: Mapping[tuple[str, str], Sequence[pd.DataFrame]],
    alone: Mapping[str, pd.DataFrame],
    derived: Mapping[tuple[str, str], Sequence[float]],
    settings: EvaluationSettings,
    seed: int,
) -> pd.DataFrame:
    """A row for each system's stand-alone figures, then for each of its (system, strategy).

    Args:
        inherited: for each search ``number, loss, wa, weight, seed, fold``: what it makes of each
            architecture, see :class:`sernas.search.judged.Judged`.
        alone: of each system ``number, wa, seed, fold``: each architecture trained alone in each
            run.
        derived: the validation WA of each run of a row of the table, as a fraction.
        settings: of the bootstrap, over architectures and runs.
        seed: of the bootstrap.

    Returns:
        ``tau``, Kendall's tau-b of the mean inherited loss, negated, and the mean stand-alone WA
        of ``architectures``, with its interval; ``tau_within``: the same within a run, mean over
        the ``runs``. ``tau_weights``: as tau, of the architecture weights. ``regret``: how much
        lower the row's own WA is than that of the best of the architectures, in points;
        ``regret_random`` is that of a draw of them. Rows that search nothing have a regret alone.
        In the line of the stand-alone figures tau is their :func:`reliability`, which makes the
        ``ceiling`` of any tau.
    """
    rows = []
    for system, figures in alone.items():
        wa = _by_run(figures, "wa")
        own = [row for row in in_paper_order({*inherited, *derived}) if row[0] == system]
        best, mean = 100 * wa.mean(axis=1).max(), 100 * wa.mean(axis=1).mean()
        halves = reliability(wa)
        common = {
            "system": system,
            "architectures": len(wa),
            "ceiling": ceiling(halves),
            "regret_random": best - mean,
        }
        rows.append(common | {"nas": ALONE, "runs": wa.shape[1], "tau": halves})
        for row in own:
            cells = common | {"nas": row[1]}
            if row in inherited:
                judged = pd.concat(inherited[row])
                cells |= _correlation(-_by_run(judged, "loss"), wa, settings, seed)
                weight = judged.groupby("number")["weight"].mean()
                cells["tau_weights"] = tau(weight.round(6), wa.mean(axis=1)[weight.index])
            if row in derived:
                cells["regret"] = best - 100 * np.mean(derived[row])
            rows.append(cells)
    return pd.DataFrame(rows, columns=COLUMNS).round(4).astype({"runs": "Int64"})


def trained_alone(
    histories: Mapping[tuple[str, str], Sequence[pd.DataFrame]], select: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """By system ``number, wa, seed, fold``: the validation WA of the epoch that is kept.

    Args:
        histories: of trainings of all architectures, those of a run told apart by ``candidate``.
        select: by system; see :func:`kept`.
    """

    def wa(history: pd.DataFrame, select: str) -> float:
        return kept(history.to_dict("records"), select)["validation_wa"]

    alone = {}
    for (system, _), runs in histories.items():
        trainings = pd.concat(runs).groupby(["candidate", *RUN])
        figures = trainings.apply(wa, select=select[system], include_groups=False)
        figures = figures.rename("wa").reset_index()
        alone[system] = figures.assign(number=figures.pop("candidate") - 1)
    return alone


def derived_wa(summaries: Sequence[Mapping]) -> dict[tuple[str, str], list[float]]:
    """The validation WA of each run of each (system, strategy), by what training says of it."""
    found: dict[tuple[str, str], list[float]] = {}
    for run in summaries:
        found.setdefault((run["system"], run["strategy"]), []).append(run["validation_wa"])
    return found


def tau(a: np.ndarray, b: np.ndarray) -> float:
    """Kendall's tau-b; NaN if either is constant."""
    return float(kendalltau(a, b, variant="b").statistic)


def reliability(wa: pd.DataFrame) -> float:
    """Tau of the mean WA of half of the seeds and of the others', or of one seed of half of the
    folds; mean over all ways to halve them.

    Args:
        wa: an architecture a row, a (seed, fold) a column.

    Returns:
        NaN of a single run.
    """
    seeds, folds = (wa.columns.get_level_values(name) for name in RUN)
    units = seeds if len(set(seeds)) > 1 else folds
    names = sorted(set(units))
    if len(names) < 2:
        return np.nan
    halves = [units.isin(half) for half in combinations(names, len(names) // 2)]
    return np.nanmean([tau(wa.loc[:, h].mean(axis=1), wa.loc[:, ~h].mean(axis=1)) for h in halves])


def ceiling(halves: float) -> float:
    """The tau that true ranks would have with the mean of all runs, by the tau of halves of these.

    As of normal figures: tau becomes a correlation (Greiner 1909, ``r = sin(pi tau / 2)``), that of
    halves one of the whole (Spearman-Brown), and its root that of the whole with the truth.
    """
    r = max(np.sin(np.pi * halves / 2), 0) if halves == halves else np.nan
    return float(2 / np.pi * np.arcsin(np.sqrt(2 * r / (1 + r))))


def _by_run(figures: pd.DataFrame, name: str) -> pd.DataFrame:
    """An architecture a row, by its number, and a (seed, fold) a column."""
    return figures.pivot_table(index="number", columns=RUN, values=name)


def _correlation(
    score: pd.DataFrame, wa: pd.DataFrame, settings: EvaluationSettings, seed: int
) -> dict[str, float]:
    """The figures of one row; runs count that both have."""
    runs = wa.columns.intersection(score.columns)
    score, wa = score.loc[wa.index, runs].to_numpy(), wa[runs].to_numpy()
    rng = np.random.default_rng(seed)
    taus = []
    for _ in range(settings.bootstrap):
        which = rng.integers(len(wa), size=len(wa))
        of = rng.integers(len(runs), size=len(runs))
        taus.append(tau(score[which][:, of].mean(1), wa[which][:, of].mean(1)))
    tails = (1 - settings.confidence) / 2
    low, high = np.nanquantile(taus, [tails, 1 - tails])
    return {
        "runs": len(runs),
        "tau": tau(score.mean(1), wa.mean(1)),
        "tau_low": low,
        "tau_high": high,
        "tau_within": np.nanmean([tau(*run) for run in zip(score.T, wa.T, strict=True)]),
    }
