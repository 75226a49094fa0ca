import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from sernas.base.errors import SettingsError
from sernas.base.files import write_csv
from sernas.evaluation.intervals import counted, ua_difference, ua_interval
from sernas.experiments.experiment import EXPERIMENTS
from sernas.reporting.table import results_table
from sernas.settings.reporting import EvaluationSettings

EMOTIONS = ["neutral", "angry", "happy", "sad"]
SETTINGS = EvaluationSettings(bootstrap=300, confidence=0.9)
WU = EXPERIMENTS["wu2022"]


def made(predictions, architectures=None, costs=(), paper=WU):
    """The table of rows whose networks have 1000 parameters where nothing else is said."""
    architectures = architectures or dict.fromkeys(predictions, [1000])
    summaries = [
        {"system": system, "strategy": strategy, "params": count}
        for (system, strategy), counts in architectures.items()
        for count in counts
    ]
    return results_table(predictions, summaries, dict(costs), paper, EMOTIONS, SETTINGS, seed=7)


@pytest.fixture
def table(fold_predictions):
    predictions = {
        ("cnn_seqcap", "dropout"): fold_predictions,
        ("mine", "none"): fold_predictions[:1],
        ("cnn_rnn_att", "none"): fold_predictions,
    }
    params = [[703_540, 699_956], [1_234], [833_461] * 2]
    run = {"epochs": 3, "steps": 20, "flops": 4e10, "seconds": 1.5, "peak_mb": 700}
    longer = {"epochs": 4, "steps": 40, "flops": 16e10, "seconds": 2.5, "peak_mb": 900}
    costs = {("cnn_seqcap", "dropout"): [run, longer]}
    return made(predictions, dict(zip(predictions, params, strict=True)), costs)


def test_values_worked_out_by_hand(table, fold_predictions):
    row = table.iloc[1].dropna().to_dict()
    _, low, high, _ = ua_interval(counted(fold_predictions), SETTINGS, seed=7)
    assert row == {
        "system": "cnn_seqcap",
        "nas": "dropout",
        "wa": 63.64,  # 7/11 of all utterances
        "ua": 60.71,  # 5/7 of neutral, 2/4 of sad
        "params_k": 701.7,
        "wa_mean": 66.07,  # of 3/4 and 4/7
        "wa_std": 12.63,  # their difference over the root of 2
        "ua_mean": 57.5,  # of 3/4 and 2/5
        "ua_std": 24.75,
        "ua_low": round(low, 2),
        "ua_high": round(high, 2),
        "published_wa": 70.54,
        "published_ua": 56.94,
        "published_params_k": 700,
        "speakers": 2,
        "seeds": 1,
        "epochs": 3.5,
        "steps": 30,
        "gflop_step": 3,  # of 2 and 4
        "seconds": 2,
        "peak_mb": 900,
    }


@pytest.fixture
def seeds(predicted):
    """Of three seeds, with a fold for each of four speakers: who of the 4 neutral and 4 sad is
    recognised."""

    def row(*neutral):
        return [
            predicted(
                seed,
                fold,
                [("neutral", "neutral" if i < right else "sad") for i in range(4)]
                + [("sad", "sad")] * 4,
            )
            for seed, rights in enumerate(neutral, start=5)
            for fold, right in enumerate(rights, start=1)
        ]

    return row


def test_seeds_are_pooled_and_folds_are_means_over_them(seeds):
    (cells,) = made({("mine", "none"): seeds((4, 3, 2, 1), (4, 4, 2, 2), (1, 2, 2, 3))}).to_dict(
        "records"
    )
    assert (cells["speakers"], cells["seeds"]) == (4, 3)
    assert cells["ua"] == 81.25  # (30/48 + 1) / 2
    own = pd.Series([7 / 8, 7 / 8, 3 / 4, 3 / 4])  # of the folds: 9/12, 9/12, 6/12 and 6/12 neutral
    assert cells["ua_mean"] == 81.25
    assert cells["ua_std"] == round(100 * own.std(), 2)
    of_seeds = pd.Series([10 / 16, 12 / 16, 8 / 16]) / 2
    assert cells["ua_std_seeds"] == round(100 * of_seeds.std(), 2)


@pytest.fixture
def rows(seeds):
    return {
        ("mine", "none"): seeds((2, 1, 1, 2), (2, 1, 2, 1), (1, 2, 2, 1)),
        ("mine", "random"): seeds((1, 1, 2, 2), (2, 2, 2, 1), (2, 2, 1, 1)),
        ("mine", "joint"): seeds((4, 3, 4, 4), (4, 4, 4, 4), (4, 4, 3, 4)),
        ("other", "none"): seeds((4, 3, 2, 1), (4, 4, 2, 2), (1, 2, 2, 3)),
        ("other", "joint"): seeds((4, 3, 2, 2), (4, 3, 2, 2), (2, 2, 2, 4)),
        ("third", "joint"): seeds((1, 1, 1, 1), (2, 2, 2, 2), (2, 2, 2, 3)),
    }


def test_rows_are_compared_with_the_controls_of_their_system_and_corrected_together(rows):
    table = made(rows).set_index(["system", "nas"])
    for control, compared in (
        ("none", [("mine", "random"), ("mine", "joint"), ("other", "joint")]),
        ("random", [("mine", "none"), ("mine", "joint")]),
    ):
        name = f"vs_{control}"
        found = [
            ua_difference(counted(rows[row]), counted(rows[row[0], control]), SETTINGS, seed=7)
            for row in compared
        ]
        corrected = multipletests([each.p for each in found], method="holm")[1]
        columns = [name, f"{name}_low", f"{name}_high", f"{name}_p"]
        for row, each, p in zip(compared, found, corrected, strict=True):
            expected = [*(round(figure, 2) for figure in each[:3]), round(p, 4)]
            assert table.loc[row, columns].tolist() == expected
        assert table.drop(index=compared)[columns].isna().all(axis=None)
    assert table.loc[("mine", "joint"), "vs_none"] == 29.17  # 46 and 18 of 48 neutral
    assert table.loc[("mine", "joint"), "vs_none_p"] < 0.01
    assert table.loc[("mine", "random"), "vs_none_p"] > 0.1


def test_networks_are_compared_with_the_linear_baseline_of_what_they_take(seeds):
    good, bad = seeds((4, 3, 4, 4), (4, 4, 4, 3)), seeds((1, 2, 1, 1), (1, 1, 2, 1))
    worse, best = seeds((1, 2, 1, 0), (1, 1, 2, 0)), seeds((4, 4, 4, 4), (4, 4, 4, 4))
    rows = {
        ("cnn_rnn_att", "none"): good,
        ("cnn_rnn_att", "dropout"): best,
        ("deep", "none"): best,
        ("two_stream_mean", "none"): bad,
        ("linear", "none"): bad,
        ("svm", "none"): worse,
        ("egemaps", "none"): good,
        ("linear_embeddings", "none"): good,
        ("linear_embeddings_l0", "none"): bad,
        ("mine", "none"): good,
    }
    table = made(rows).set_index(["system", "nas"])
    baselines = {
        "linear": [("cnn_rnn_att", "none"), ("cnn_rnn_att", "dropout"), ("svm", "none")],
        "linear_embeddings": [(name, "none") for name in ("deep", "two_stream_mean")],
    }
    baselines["linear_embeddings"].append(("linear_embeddings_l0", "none"))
    pairs = [(row, (name, "none")) for name, those in baselines.items() for row in those]
    found = [
        ua_difference(*(counted(rows[each]) for each in pair), SETTINGS, seed=7) for pair in pairs
    ]
    corrected = dict(zip(pairs, multipletests([e.p for e in found], method="holm")[1], strict=True))
    for pair, each in zip(pairs, found, strict=True):
        cells = table.loc[pair[0]]
        shown = [cells[f"vs_linear{end}"] for end in ("", "_low", "_high", "_p")]
        expected = [*(round(figure, 2) for figure in each[:3]), round(corrected[pair], 4)]
        assert shown == expected
    others = table.drop(index=[row for row, _ in pairs])
    assert set(others.index.get_level_values(0)) == {
        "linear",
        "egemaps",
        "linear_embeddings",
        "mine",
    }
    assert others["vs_linear"].isna().all()
    without = made({row: rows[row] for row in rows if not row[0].startswith("linear")})
    assert not [name for name in without if name.startswith("vs_linear")]


def test_equal_predictions_differ_by_nothing_and_do_not_count_among_the_comparisons(rows):
    alone = made({row: rows[row] for row in [("mine", "none"), ("mine", "joint")]})
    both = made({**rows, ("mine", "random"): rows["mine", "none"]}).set_index(["system", "nas"])
    same = both.loc[("mine", "random")]
    assert same["vs_none"] == 0
    assert same[["vs_none_low", "vs_none_high", "vs_none_p"]].isna().all()
    of_joint = alone.set_index("nas").loc["joint", "vs_none_p"]
    assert both.loc[("mine", "joint"), "vs_none_p"] == pytest.approx(2 * of_joint, abs=1e-4)


def test_rows_of_other_seeds_are_not_compared(rows):
    with pytest.raises(SettingsError, match="found 32 utterances with 3 seeds and 32 with 2"):
        made({**rows, ("mine", "none"): rows["mine", "none"][4:]})


@pytest.mark.filterwarnings("error")
def test_folds_that_lack_an_emotion(fold_predictions, predicted):
    """Their own UA is over what they have; that of the table over what all have together."""
    only_sad = predicted(1, 3, [("sad", "sad"), ("sad", "neutral")])
    row = ("cnn_seqcap", "none")
    (cells,) = made({row: [*fold_predictions, only_sad]}).to_dict("records")
    assert cells["wa"] == 61.54  # 8/13
    assert cells["ua"] == 60.71  # 5/7 of neutral, 3/6 of sad
    assert cells["ua_mean"] == 55  # of 3/4, 2/5 and 1/2
    assert cells["ua_low"] < cells["ua"] < cells["ua_high"]


def test_file_has_the_columns_in_order_and_blanks_where_nothing_is_known(table, tmp_path):
    write_csv(table, tmp_path / "table2.csv")
    lines = (tmp_path / "table2.csv").read_text().splitlines()
    assert lines[0] == (
        "system,nas,wa,ua,params_k,wa_mean,wa_std,ua_mean,ua_std,ua_low,ua_high,"
        "published_wa,published_ua,published_params_k,speakers,seeds,ua_std_seeds,"
        "vs_none,vs_none_low,vs_none_high,vs_none_p,"
        "vs_random,vs_random_low,vs_random_high,vs_random_p,"
        "epochs,steps,gflop_step,seconds,peak_mb"
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["cnn_rnn_att", "cnn_seqcap", "mine"]
    assert ",68.2,54.89,833,2,1," in lines[1]
    one_fold = dict(zip(lines[0].split(","), lines[3].split(","), strict=True))
    assert one_fold["wa_mean"] == "75.0"
    assert one_fold["wa_std"] == one_fold["ua_std"] == one_fold["ua_low"] == ""
    assert one_fold["published_wa"] == one_fold["published_params_k"] == ""
    assert one_fold["vs_none"] == one_fold["steps"] == ""


def test_a_paper_that_says_only_the_ua(fold_predictions):
    rows = [("darts_cnn_c8", "darts"), ("cnn_lstm", "none")]
    table = made(dict.fromkeys(rows, fold_predictions), paper=EXPERIMENTS["rajapakshe2023"])
    assert table["system"].tolist() == ["cnn_lstm", "darts_cnn_c8"]
    assert table["published_ua"][0] == 56.75
    assert table[["published_wa", "published_params_k"]].isna().all(axis=None)
    assert pd.isna(table["published_ua"][1])


def test_another_papers_figures_do_not_stand_in_the_table(fold_predictions):
    (cells,) = made({("cnn", "none"): fold_predictions}).to_dict("records")
    assert pd.isna(cells["published_ua"])
