"""Intervals of a row's UA, and of its difference to another row's, over speakers and runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t

from sernas.base.errors import FoldError, SettingsError
from sernas.evaluation.metrics import resampled_uas
from sernas.settings.reporting import EvaluationSettings

ROUNDING = 1e-9
"""A standard error below it is none."""


class Estimate(NamedTuple):
    """A UA or a difference of two, with its interval and the two-sided p of its being zero.

    NaN is what cannot be told.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan


class Counts(NamedTuple):
    """What the networks of a row make of the test utterances of S speakers, with R seeds.

    Attributes:
        hits: utterances recognised, by speaker, seed and class: (S, R, C).
        support: utterances that there are: (S, C).
        folds: the fold that tests each speaker: (S,).
        speakers: who that is: (S,). Inner folds test a speaker several times.
        utterances: (fold, speaker, emotion, utterance) of each.
    """

    hits: np.ndarray
    support: np.ndarray
    folds: np.ndarray
    speakers: np.ndarray
    utterances: frozenset[tuple]


def counted(runs: Sequence[pd.DataFrame]) -> Counts:
    """Count what the runs of a row predict.

    Args:
        runs: ``seed, fold, utterance, speaker, emotion, predicted`` of each.

    Raises:
        FoldError: the seeds test different utterances.
    """
    pooled = pd.concat(runs)
    names = ["fold", "speaker", "emotion", "utterance"]
    first, *others = (
        frozenset(of[names].itertuples(index=False, name=None)) for _, of in pooled.groupby("seed")
    )
    if any(other != first for other in others):
        raise FoldError(
            "predictions: expected every seed to test the same utterances, found others; delete "
            "the folder of the predictions and run again"
        )
    cells = pooled.assign(right=pooled["emotion"] == pooled["predicted"]).pivot_table(
        values="right",
        index=["fold", "speaker"],
        columns=["seed", "emotion"],
        aggfunc=["sum", "count"],
        fill_value=0,
    )
    shape = len(cells), pooled["seed"].nunique(), pooled["emotion"].nunique()
    hits, support = (cells[name].to_numpy().reshape(shape) for name in ("sum", "count"))
    folds, speakers = (cells.index.get_level_values(level).to_numpy() for level in (0, 1))
    return Counts(hits, support[:, 0], folds, speakers, first)


def ua_interval(row: Counts, settings: EvaluationSettings, seed: int) -> Estimate:
    """The pooled UA of a row, in percent; its p says nothing."""
    value, *ends, p = _estimate(row.hits, row, settings, seed)
    return Estimate(value, *np.clip(ends, 0, 100), p)


def ua_difference(row: Counts, other: Counts, settings: EvaluationSettings, seed: int) -> Estimate:
    """How many points of UA a row is above another: speakers and runs are paired.

    Raises:
        SettingsError: the rows have different test utterances or numbers of seeds.
    """
    if row.utterances != other.utterances or row.hits.shape != other.hits.shape:
        raise SettingsError(
            "predictions: expected two rows to be compared on the same utterances and seeds, "
            f"found {len(row.utterances)} utterances with {row.hits.shape[1]} seeds and "
            f"{len(other.utterances)} with {other.hits.shape[1]}; run all rows of the table again"
        )
    return _estimate(row.hits - other.hits, row, settings, seed)


def _estimate(hits: np.ndarray, of: Counts, settings: EvaluationSettings, seed: int) -> Estimate:
    """The mean over classes of hits/support, pooled over speakers and seeds, and a t interval.

    Speakers are a sample, and so are the trainings; the speakers of a fold share its networks. The
    variance is a hierarchical bootstrap's (Davison and Hinkley 1997, section 3.8), freed of what
    drawing both levels counts twice. With speakers drawn and all seeds kept it has everything but
    the covariance of the speakers that share networks. That is the variance with the seeds of a
    fold drawn for all its speakers alike, less that with seeds drawn for each speaker; both have a
    closed form, since supports do not depend on seeds. n/(n-1) frees each of its bias.

    With one seed that covariance is unknown, so that folds are drawn instead of speakers, as the
    coarsest clusters (Cameron, Gelbach and Miller 2011). Two spare runs, folds x (seeds - 1), know
    it badly: in simulations a tenth of the comparisons of equals then had a p below 0.05.

    Few speakers make percentile intervals too short, hence Student's t. The degrees of freedom are
    Satterthwaite's (1946), at most those of the speakers.

    Args:
        hits: (S, R, C), of one row or the difference of two.
        of: supports and folds.
    """
    by_fold, by_speaker = (each[:, None] == pd.unique(each) for each in (of.folds, of.speakers))
    _, seeds, classes = hits.shape
    shares = (hits / of.support.sum(axis=0)).sum(axis=2) / classes
    value = 100 * shares.sum(axis=0).mean()
    cluster, shared, spare = by_speaker, 0, 1
    if seeds == 1:
        cluster = by_fold
    else:
        together, apart = (
            each.var(axis=1, ddof=1).sum() / seeds for each in (by_fold.T @ shares, shares)
        )
        shared, spare = max(together - apart, 0), by_fold.shape[1] * (seeds - 1)
    mean, support = cluster.T @ hits.mean(axis=1), cluster.T @ of.support
    n = len(mean)
    if n == 1:
        return Estimate(value)
    own = resampled_uas(mean, support, settings.bootstrap, seed).var() * n / (n - 1)
    error = 100 * np.sqrt(own + shared)
    if error < ROUNDING:
        return Estimate(value)
    freedom = min(n - 1, (own + shared) ** 2 / (own**2 / (n - 1) + shared**2 / spare))
    reach = error * t.ppf((1 + settings.confidence) / 2, freedom)
    return Estimate(value, value - reach, value + reach, 2 * t.sf(abs(value) / error, freedom))
