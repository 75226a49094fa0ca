import numpy as np
import pandas as pd
import pytest

from sernas.reporting.rank_correlation import (
    ALONE,
    ceiling,
    derived_wa,
    rank_correlations,
    trained_alone,
)
from sernas.reporting.rank_picture import draw_rank_correlation
from sernas.settings.reporting import EvaluationSettings

K = 16
SETTINGS = EvaluationSettings(bootstrap=200)
WORTH = np.random.default_rng(0).permutation(K) / 100


def runs(name, worth, noise, seed=0, seeds=(1, 2), folds=(1, 2, 3)):
    """Figures of K architectures in each run: their worth and noise."""
    rng = np.random.default_rng(seed)
    return [
        pd.DataFrame({"number": range(K), name: worth + noise * rng.standard_normal(K)}).assign(
            weight=worth, seed=s, fold=f
        )
        for s in seeds
        for f in folds
    ]


@pytest.fixture
def scores():
    alone = {"cnn_seqcap": pd.concat(runs("wa", 0.5 + WORTH, 0))}
    inherited = {
        ("cnn_seqcap", "joint"): runs("loss", 1 - WORTH, 0),
        ("cnn_seqcap", "sampling"): runs("loss", np.ones(K), 0.05),
        ("cnn_seqcap", "dropout"): runs("loss", 1 + WORTH, 0),
    }
    derived = {("cnn_seqcap", "none"): [0.55] * 6, ("cnn_seqcap", "joint"): [0.6, 0.64]}
    return inherited, alone, derived


def test_tau_and_regret_of_known_ranks(scores):
    table = rank_correlations(*scores, SETTINGS, 1).set_index("nas")
    assert table["tau"][["joint", "dropout", ALONE]].tolist() == pytest.approx([1, -1, 1])
    assert table["tau_within"][["joint", "dropout"]].tolist() == pytest.approx([1, -1])
    assert table["tau_weights"][["joint", "dropout"]].tolist() == pytest.approx([-1, 1])
    assert np.isnan(table["tau_weights"]["sampling"])  # all alike
    assert table.loc["joint", ["tau_low", "tau_high"]].tolist() == pytest.approx([1, 1])
    low, high = table.loc["sampling", ["tau_low", "tau_high"]]
    assert low < 0 < high
    assert table["regret"][["none", "joint"]].tolist() == pytest.approx([10, 3])
    assert table["regret_random"].tolist() == pytest.approx([7.5] * 5)
    assert np.isnan(table["tau"]["none"])


def test_runs_are_matched_by_seed_and_fold_and_not_by_place():
    of_run = [0.5 + WORTH * (-1) ** i for i in range(2)]  # what is best depends on the fold
    alone = {
        "cnn_seqcap": pd.concat(
            [
                each.assign(fold=i)
                for i in range(2)
                for each in runs("wa", of_run[i], 0, seeds=[1], folds=[0])
            ]
        )
    }
    reversed_ = [runs("loss", -of_run[i], 0, seeds=[1], folds=[i])[0] for i in (1, 0)]
    table = rank_correlations({("cnn_seqcap", "joint"): reversed_}, alone, {}, SETTINGS, 1)
    assert table.set_index("nas")["tau_within"]["joint"] == pytest.approx(1)


def test_the_interval_covers_the_tau_of_all_architectures():
    """Of draws from normal figures, whose tau is known (Greiner 1909)."""
    rng, r, hits = np.random.default_rng(0), 0.7, []
    for _ in range(60):
        a, b = rng.multivariate_normal([0, 0], [[1, r], [r, 1]], K).T
        alone = {"cnn_seqcap": pd.concat(runs("wa", a, 0, folds=[1]))}
        inherited = {("cnn_seqcap", "joint"): runs("loss", -b, 0, folds=[1])}
        table = rank_correlations(inherited, alone, {}, SETTINGS, 1).set_index("nas")
        low, high = table.loc["joint", ["tau_low", "tau_high"]]
        hits.append(low <= 2 / np.pi * np.arcsin(r) <= high)
    assert np.mean(hits) >= 0.85


def test_the_ceiling_is_the_tau_that_true_ranks_have():
    worth = np.random.default_rng(1).standard_normal(2000)
    rng = np.random.default_rng(2)
    one, other = (worth + rng.standard_normal(2000) for _ in range(2))

    def tau(a, b):
        return pd.Series(a).corr(pd.Series(b), method="kendall")

    assert ceiling(tau(one, other)) == pytest.approx(tau((one + other) / 2, worth), abs=0.03)
    assert ceiling(-0.2) == 0
    assert np.isnan(ceiling(np.nan))


def test_a_panel_a_strategy_with_a_dot_an_architecture(scores, drawn, tmp_path, figures):
    inherited, alone, _ = scores
    table = rank_correlations(*scores, SETTINGS, 1)
    for name in ("a.png", "b.png"):
        draw_rank_correlation(inherited, alone, table, tmp_path / name, figures)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    joint, *others = drawn[-1].axes
    assert len(others) == 2
    x, y = joint.lines[0].get_data()
    assert y == pytest.approx(100 * (1.5 - x))  # the worth is in both
    assert len(x) == K
    assert "1.00 [1.00, 1.00]" in joint.get_title()


def test_what_is_read_of_the_trainings():
    history = pd.DataFrame(
        {"candidate": [1, 1, 2, 2], "validation_wa": [0.2, 0.4, 0.6, 0.3], "seed": 5, "fold": 2}
    )
    runs = {("cnn_seqcap", "ranked"): [history, history.assign(fold=3)]}
    alone = trained_alone(runs, {"cnn_seqcap": "best_wa"})
    assert alone["cnn_seqcap"].to_dict("records") == [
        {"seed": 5, "fold": fold, "wa": wa, "number": number}
        for number, wa in ((0, 0.4), (1, 0.6))
        for fold in (2, 3)
    ]
    assert trained_alone(runs, {"cnn_seqcap": "last"})["cnn_seqcap"]["wa"].tolist() == [
        0.4,
        0.4,
        0.3,
        0.3,
    ]
    row = {"system": "cnn_seqcap", "strategy": "none"}
    summaries = [row | {"validation_wa": 0.1}, row | {"validation_wa": 0.3}]
    assert derived_wa(summaries) == {("cnn_seqcap", "none"): [0.1, 0.3]}
