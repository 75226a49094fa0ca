"""Intervals against known answers: rows that are simulated, and sums done by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest, t

from sernas.base.errors import FoldError, SettingsError
from sernas.evaluation.intervals import Counts, counted, ua_difference, ua_interval
from sernas.settings.reporting import EvaluationSettings

SETTINGS = EvaluationSettings(bootstrap=500, confidence=0.95)
SPEAKER, RUN, OWN = 0.4, 0.3, 0.2  # deviations of the logits: of speakers, of runs, and of both


class Simulated:
    """Rows alike in truth: speakers by folds differ, and networks, which a fold's speakers share.

    Each of four emotions has some 60 % hits, in logits plus these effects.
    """

    def __init__(self, folds, speakers, seeds, utterances):
        self.folds = np.repeat(np.arange(folds), speakers)
        self.names = np.arange(len(self.folds))
        self.shape = (len(self.folds), seeds, 4)
        self.rng = np.random.default_rng(7)
        self.support = self.rng.multinomial(utterances, [0.4, 0.15, 0.15, 0.3], len(self.folds)) + 1

    def speakers(self):
        return SPEAKER * self.rng.normal(size=(len(self.folds), 1, 4))

    def row(self, speakers):
        runs = RUN * self.rng.normal(size=(self.folds.max() + 1, self.shape[1], 1))
        own = OWN * self.rng.normal(size=(*self.shape[:2], 1))
        rates = 1 / (1 + np.exp(-(0.4 + speakers + runs[self.folds] + own)))
        hits = self.rng.binomial(self.support[:, None], rates)
        return Counts(hits, self.support, self.folds, self.names, frozenset())

    def truth(self):
        """The UA over all speakers and runs that there could be, in percent."""
        deviation = np.sqrt(SPEAKER**2 + RUN**2 + OWN**2)
        nodes, weights = np.polynomial.hermite_e.hermegauss(40)
        return 100 * np.average(1 / (1 + np.exp(-(0.4 + deviation * nodes))), weights=weights)


def compare(simulated, change=lambda row: row):
    """The p of many comparisons of equal rows, and which intervals hold the truth."""
    p, covered = [], []
    for seed in range(1000):
        speakers = simulated.speakers()
        row, other = (change(simulated.row(speakers)) for _ in range(2))
        p.append(ua_difference(row, other, SETTINGS, seed).p)
        _, low, high, _ = ua_interval(row, SETTINGS, seed)
        covered.append(low <= simulated.truth() <= high)
    return np.array(p), np.array(covered)


@pytest.mark.parametrize(
    "sizes",
    [(3, 3, 3, 100), (5, 1, 5, 200), (10, 1, 5, 200), (5, 2, 1, 100)],
    ids=["nemo", "iemocap", "both", "one-seed"],
)
def test_equal_rows_give_uniform_p_and_intervals_cover_the_truth(sizes):
    p, covered = compare(Simulated(*sizes))
    assert kstest(p, "uniform").pvalue > 0.01
    assert 0.92 <= covered.mean() <= 0.98


def test_a_speaker_whom_inner_folds_test_twice_is_one():
    """As often in both, so that nothing new is known of speakers in general."""
    again = [each.assign(fold=each["fold"] + 2) for each in ROW]
    once, twice = (ua_interval(counted(runs), SETTINGS, seed=1) for runs in (ROW, ROW + again))
    apart = counted(ROW + again)
    apart = apart._replace(speakers=np.arange(len(apart.speakers)))
    assert twice.value == once.value
    reaches = [each.high - each.value for each in (once, twice)]
    assert reaches[1] > 0.6 * reaches[0]  # its networks are others
    assert ua_interval(apart, SETTINGS, seed=1).high - once.value < reaches[1]


@pytest.mark.parametrize("seeds", [1, 3])
def test_to_forget_that_speakers_share_networks_would_find_differences(seeds):
    def forget(row):
        return row._replace(folds=np.arange(len(row.folds)))

    p, _ = compare(Simulated(3, 3, seeds, 100), forget)
    assert kstest(p, "uniform").pvalue < 0.001
    assert (p < 0.05).mean() > 0.1


def test_the_variance_is_that_of_the_bootstrap_at_both_levels():
    """Drawn one by one, at the levels that the docstring adds and subtracts."""
    row = Simulated(3, 3, 4, 100).row(0)
    (speakers, seeds, _), rng, of = row.hits.shape, np.random.default_rng(1), np.arange(9)

    def variance(draw, n):
        uas = []
        for _ in range(8000):
            who, which = draw()
            hits = row.hits[who[:, None], which].mean(axis=1)
            uas.append(100 * (hits.sum(axis=0) / row.support[who].sum(axis=0)).mean())
        return np.var(uas) * n / (n - 1)

    every = np.tile(np.arange(seeds), (speakers, 1))
    own = variance(lambda: (rng.integers(speakers, size=speakers), every), speakers)
    together = variance(lambda: (of, rng.integers(seeds, size=(3, seeds))[row.folds]), seeds)
    apart = variance(lambda: (of, rng.integers(seeds, size=(speakers, seeds))), seeds)
    assert together > 1.5 * apart
    shared, spare = together - apart, 3 * (seeds - 1)
    freedom = (own + shared) ** 2 / (own**2 / (speakers - 1) + shared**2 / spare)
    reach = np.sqrt(own + shared) * t.ppf(0.975, min(freedom, speakers - 1))
    settings = EvaluationSettings(bootstrap=20000, confidence=0.95)
    value, low, high, _ = ua_interval(row, settings, seed=2)
    assert value == pytest.approx(100 * (row.hits.mean(1).sum(0) / row.support.sum(0)).mean())
    assert (high - value, value - low) == pytest.approx((reach, reach), rel=0.05)


def run(seed, fold, *speakers):
    """Predictions of one run: of each speaker how many of 10 happy and of 10 sad are right."""
    rows = [
        (f"{name}{emotion}{i}", name, emotion, emotion if i < right else "other")
        for name, *rights in speakers
        for emotion, right in zip(("happy", "sad"), rights, strict=True)
        for i in range(10)
    ]
    table = pd.DataFrame(rows, columns=["utterance", "speaker", "emotion", "predicted"])
    return table.assign(seed=seed, fold=fold)


ROW = [
    run(1, 1, ("A", 4, 6), ("B", 8, 8)),
    run(1, 2, ("C", 5, 9)),
    run(2, 1, ("A", 6, 6), ("B", 7, 9)),
    run(2, 2, ("C", 5, 5)),
]


def test_runs_are_counted_by_speaker_seed_and_class_in_any_order():
    for runs in (ROW, ROW[::-1]):
        counts = counted(runs)
        assert counts.hits.tolist() == [[[4, 6], [6, 6]], [[8, 8], [7, 9]], [[5, 9], [5, 5]]]
        assert counts.support.tolist() == [[10, 10]] * 3
        assert counts.folds.tolist() == [1, 1, 2]


def test_the_difference_is_in_points_signed_and_the_same_from_both_sides():
    better = [*ROW[:3], run(2, 2, ("C", 8, 8))]  # six more of 120
    forth = ua_difference(counted(better), counted(ROW), SETTINGS, seed=1)
    back = ua_difference(counted(ROW), counted(better), SETTINGS, seed=1)
    assert forth.value == pytest.approx(5)
    assert (back.value, back.low, back.high, back.p) == pytest.approx(
        (-forth.value, -forth.high, -forth.low, forth.p)
    )
    assert forth.low < 0 < forth.high


def test_a_difference_that_all_speakers_and_runs_show_is_found():
    simulated = Simulated(5, 2, 3, 200)
    speakers = simulated.speakers()
    better, row = simulated.row(speakers + 1), simulated.row(speakers)
    assert ua_difference(better, row, SETTINGS, seed=1).p < 1e-4


@pytest.mark.parametrize("runs", [[ROW[1], ROW[3]], ROW[:1]], ids=["speaker", "fold-of-one-seed"])
def test_what_cannot_be_told_of_one_is_blank(runs):
    estimate = ua_interval(counted(runs), SETTINGS, seed=1)
    assert estimate.value == pytest.approx(60 if len(runs) == 2 else 65)
    assert np.isnan(estimate[1:]).all()


def test_where_speakers_do_not_differ_nothing_is_told_of_others():
    same = ua_difference(counted(ROW), counted(ROW), SETTINGS, seed=1)
    assert same.value == 0
    assert np.isnan(same[1:]).all()
    perfect = [run(1, k, (name, 10, 10)) for k, name in enumerate("ABC")]
    assert np.isnan(ua_interval(counted(perfect), SETTINGS, seed=1)[1:]).all()


def test_an_interval_of_ua_ends_at_0_and_100():
    few = [run(1, 1, ("A", 10, 10)), run(1, 2, ("B", 1, 1))]
    assert ua_interval(counted(few), SETTINGS, seed=1)[1:3] == (0, 100)


def test_rows_of_other_utterances_or_seeds_are_not_compared():
    other = [run(1, 1, ("A", 4, 6), ("B", 8, 8)), run(1, 2, ("D", 5, 9))]
    for row in (other, ROW[:2]):
        with pytest.raises(
            SettingsError, match="the same utterances and seeds, found 60 .* 2 seeds"
        ):
            ua_difference(counted(ROW), counted(row), SETTINGS, seed=1)


def test_seeds_that_test_other_utterances_are_refused():
    with pytest.raises(FoldError, match="every seed to test the same utterances"):
        counted([*ROW[:3], run(2, 2, ("D", 5, 5))])
