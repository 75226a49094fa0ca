from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from statsmodels.stats.multitest import multipletests

from sernas.evaluation.intervals import counted, ua_difference
from sernas.experiments.experiment import EXPERIMENTS, Claim
from sernas.reporting.claims import claims_table
from sernas.settings.reporting import EvaluationSettings

SETTINGS = EvaluationSettings(bootstrap=300, confidence=0.9)
CLAIMS = (
    Claim("dropout above none", "ua", "dropout", "none"),
    Claim("joint below dropout", "loss", "dropout", "joint"),
    Claim("dropout below joint", "probe_loss", "joint", "dropout"),
)
PAPER = replace(EXPERIMENTS["wu2022"], systems=("mine", "other"), claims=CLAIMS)


def tell(predictions, histories, paper=PAPER):
    return claims_table(paper, predictions, histories, SETTINGS, seed=7)


@pytest.fixture
def recognised(predicted):
    """A row of two seeds and four folds, of a speaker each: how many of 20 neutral are right."""

    def row(*rights):
        pairs = [
            [("neutral", "neutral" if i < right else "sad") for i in range(20)] for right in rights
        ]
        return [
            predicted(seed, fold, pairs[fold - 1][seed:] + pairs[fold - 1][:seed])
            for seed in (1, 2)
            for fold in range(1, 5)
        ]

    return row


@pytest.fixture
def searched(history):
    """Histories of two seeds and two folds, whose losses end as listed; the earlier are higher."""

    def row(losses, probes):
        runs = [(seed, fold) for seed in (1, 2) for fold in (1, 2)]
        return [
            history([9.0, loss], [9.0, probe], architecture=[0.6]).assign(seed=seed, fold=fold)
            for (seed, fold), loss, probe in zip(runs, losses, probes, strict=True)
        ]

    return row


@pytest.fixture
def of_mine(recognised, searched):
    """Of ``mine``: dropout is better; its loss is higher; that of the probe is lower in half of
    the runs."""
    predictions = {
        ("mine", "none"): recognised(10, 9, 11, 10),
        ("mine", "dropout"): recognised(16, 15, 15, 17),
    }
    histories = {
        ("mine", "joint"): searched([0.5, 0.6, 0.5, 0.4], [1.0, 1.0, 1.0, 1.0]),
        ("mine", "dropout"): searched([0.7, 0.9, 0.8, 0.6], [0.5, 0.9, 1.2, 1.3]),
    }
    return predictions, histories


def test_every_claim_has_its_estimate_interval_and_p_corrected_for_all(of_mine):
    predictions, histories = of_mine
    table = tell(*of_mine)
    assert list(table.columns) == ["system", "claim", "estimate", "low", "high", "p", "verdict"]
    assert table["system"].tolist() == ["mine"] * 3  # other has no rows
    assert table["claim"].tolist() == [claim.text for claim in CLAIMS]
    of_ua = ua_difference(
        *(counted(predictions["mine", name]) for name in ("dropout", "none")), SETTINGS, seed=7
    )
    differences = np.array([[0.2, 0.3, 0.3, 0.2], [0.5, 0.1, -0.2, -0.3]])
    means = differences.mean(axis=1)
    errors = differences.std(axis=1, ddof=1) / 2
    reach = t.ppf(0.95, 3) * errors
    assert table["estimate"].tolist() == pytest.approx([of_ua.value, *means], abs=1e-4)
    assert table["low"].tolist() == pytest.approx([of_ua.low, *(means - reach)], abs=1e-4)
    assert table["high"].tolist() == pytest.approx([of_ua.high, *(means + reach)], abs=1e-4)
    p = multipletests([of_ua.p, *2 * t.sf(np.abs(means) / errors, 3)], method="holm")[1]
    assert table["p"].tolist() == pytest.approx(p.tolist(), abs=1e-4)
    assert table["verdict"].tolist() == ["holds", "holds", "cannot be told"]


def test_the_opposite_that_is_no_noise_refutes(of_mine):
    opposite = tuple(
        claim._replace(higher=claim.lower, lower=claim.higher) for claim in PAPER.claims
    )
    table = tell(*of_mine, replace(PAPER, claims=opposite))
    assert table["verdict"].tolist() == ["does not hold", "does not hold", "cannot be told"]
    assert table["estimate"].tolist() == (-tell(*of_mine)["estimate"]).tolist()


def test_runs_are_paired_by_seed_and_fold_in_any_order(of_mine):
    predictions, histories = of_mine
    turned = {row: runs[::-1] for row, runs in histories.items()}
    turned["mine", "joint"] = histories["mine", "joint"]
    pd.testing.assert_frame_equal(tell(predictions, turned), tell(predictions, histories))


def test_a_claim_of_one_run_or_of_equal_ones_cannot_be_told(of_mine):
    predictions, histories = of_mine
    one = {row: runs[:1] for row, runs in histories.items()}
    same = dict.fromkeys(predictions, predictions["mine", "none"])
    table = tell(same, one)
    assert table["estimate"].tolist() == [0, 0.2, 0.5]
    assert table[["low", "high", "p"]].isna().all(axis=None)
    assert set(table["verdict"]) == {"cannot be told"}


def test_a_claim_of_a_figure_that_was_not_taken_is_left_out(of_mine):
    predictions, histories = of_mine
    without = {
        row: [run.assign(probe_loss=np.nan) for run in runs] for row, runs in histories.items()
    }
    assert tell(predictions, without)["claim"].tolist() == [c.text for c in CLAIMS[:2]]


def test_without_claims_or_their_rows_the_table_is_empty(of_mine, tmp_path):
    for table in (tell({}, {}), tell(*of_mine, EXPERIMENTS["sun2022"])):
        table.to_csv(tmp_path / "claims.csv", index=False)
        text = (tmp_path / "claims.csv").read_text()
        assert text == "system,claim,estimate,low,high,p,verdict\n"


def test_the_claims_of_the_paper_are_those_of_its_table_and_its_figure():
    """In which the published figures agree, but for what the paper itself does not bear out."""
    wu = EXPERIMENTS["wu2022"]
    of_ua = [claim for claim in wu.claims if claim.figure == "ua"]
    below = {
        (system, claim.higher, claim.lower)
        for system in wu.systems
        for claim in of_ua
        if wu.published[system, claim.higher].ua <= wu.published[system, claim.lower].ua
    }
    assert below == {("cnn_rnn_att", "sampling", "joint")}
    assert {claim.figure for claim in wu.claims} == {"ua", "loss", "probe_loss"}
