import json
from dataclasses import replace

import pandas as pd
import pytest

from sernas.plan.status import status_of

SYSTEMS = ["cnn_rnn_att", "cnn_seqcap"]
STRATEGIES = ["none", "random", "dropout"]


def test_the_table_has_its_rows_and_columns_in_order(finished):
    table = pd.read_csv(finished.folder / "results/table2.csv", keep_default_na=False)
    assert ",".join(table.columns) == (
        "system,nas,wa,ua,params_k,wa_mean,wa_std,ua_mean,ua_std,ua_low,ua_high,"
        "published_wa,published_ua,published_params_k,speakers,seeds,ua_std_seeds,"
        "vs_none,vs_none_low,vs_none_high,vs_none_p,"
        "vs_random,vs_random_low,vs_random_high,vs_random_p,"
        "epochs,steps,gflop_step,seconds,peak_mb"
    )
    assert list(zip(table.system, table.nas, strict=True)) == [
        (system, nas) for system in SYSTEMS for nas in STRATEGIES
    ]
    assert table.ua.between(0, 100).all()
    assert list(table.published_ua) == [54.89, 54.81, 56.28, 56.71, 54.75, 56.94]
    for name in ("table2.md", "table2.tex"):
        text = (finished.folder / "results" / name).read_text()
        assert all(str(ua) in text for ua in table.ua)


def test_a_search_costs_what_training_its_architecture_does_and_more(finished):
    table = pd.read_csv(finished.folder / "results/table2.csv").set_index(["system", "nas"])
    for system in SYSTEMS:
        of = table.loc[system]
        assert (of.epochs["none"], of.epochs["random"], of.epochs["dropout"]) == (1, 2, 4)
        assert of.steps["random"] == 2 * of.steps["none"]
        assert of.gflop_step["dropout"] > of.gflop_step["none"] > 0


def test_the_claims_that_the_rows_allow_are_tested(finished):
    claims = pd.read_csv(finished.folder / "results/claims.csv")
    of_ua = ["Table 2: UA of dropout above none", "Table 2: UA of dropout above random"]
    assert claims.claim.tolist() == 2 * of_ua
    assert claims.system.tolist() == [system for system in SYSTEMS for _ in of_ua]
    assert set(claims.verdict) <= {"holds", "does not hold", "cannot be told"}


def test_searches_of_a_few_steps_are_known_for_draws_of_lots(finished):
    searches = pd.read_csv(finished.folder / "results/searches.csv")
    assert list(zip(searches.system, searches.nas, strict=True)) == [
        (s, "dropout") for s in SYSTEMS
    ]
    assert (searches.runs == 5).all()
    assert (searches.moved == 0).all()
    assert searches.kappa.between(searches.kappa_low, searches.kappa_high).all()
    assert searches.note.str.contains("5 of 5 searches have not moved").all()


def test_every_utterance_is_predicted_once_or_has_its_reason(finished):
    results = finished.folder / "results"
    manifest = pd.read_csv(results / "corpus/manifest.csv")
    excluded = pd.read_csv(results / "excluded.csv")
    assert excluded.reason.str.len().min() > 5
    assert not set(excluded.utterance) & set(manifest.utterance)
    male = set(manifest.utterance[manifest.gender == "M"])
    for system in SYSTEMS:
        for nas in STRATEGIES:
            tables = [
                pd.read_csv(results / f"predictions/{system}/{nas}/seed1/fold{k}.csv")
                for k in range(1, 6)
            ]
            assert ",".join(tables[0].columns) == (
                "utterance,speaker,emotion,seconds,predicted,p_neutral,p_angry,p_happy,p_sad"
            )
            predicted = pd.concat(tables).utterance
            assert predicted.is_unique
            assert set(predicted) == male  # F validates, M tests


def test_the_table_is_what_the_predictions_say(finished):
    results = finished.folder / "results"
    table = pd.read_csv(results / "table2.csv", keep_default_na=False).set_index(["system", "nas"])
    folds = [
        pd.read_csv(results / f"predictions/cnn_seqcap/dropout/seed1/fold{k}.csv")
        for k in range(1, 6)
    ]
    pooled = pd.concat(folds)
    right = pooled.emotion == pooled.predicted
    row = table.loc[("cnn_seqcap", "dropout")]
    assert row.wa == pytest.approx(100 * right.mean(), abs=0.006)
    assert row.ua == pytest.approx(100 * right.groupby(pooled.emotion).mean().mean(), abs=0.006)


def test_architectures_are_listed_with_their_parameters(finished):
    table = pd.read_csv(finished.folder / "results/architectures.csv", dtype=str)
    assert list(table.columns) == (
        ["system", "nas", "seed", "fold", "conv2d_1", "conv2d_2", "conv2d_3", "conv2d_4"]
        + ["attention", "dense", "params"]
    )
    assert len(table) == 2 * 3 * 5
    from sernas.models import build_system

    for row in table.sample(5, random_state=0).to_dict("records"):
        layers = {k: v for k, v in row.items() if "conv" in k or k in ("attention", "dense")}
        architecture = {k: v for k, v in layers.items() if isinstance(v, str)}
        system = build_system(row["system"], n_bins=32, architecture=architecture)
        assert system.parameter_count() == int(row["params"])


def test_random_trains_candidates_that_differ_between_folds(finished):
    folder = finished.folder / "results/search/cnn_rnn_att/random/seed1"
    drawn = [json.loads((folder / f"fold{k}.json").read_text()) for k in range(1, 6)]
    assert all(len(candidates) == 2 for candidates in drawn)
    assert len({json.dumps(candidates) for candidates in drawn}) == 5


def test_figures_logs_and_benchmarks_are_there(finished):
    results = finished.folder / "results"
    figure = pd.read_csv(results / "fig3.csv")
    assert list(figure.columns) == ["panel", "strategy", "epoch", "loss"]
    assert set(zip(figure.panel, figure.epoch, strict=True)) == {
        (p, e) for p in "ab" for e in (1, 2)
    }
    pictures = ["fig3.png", "fig3.pdf", "confusion/cnn_seqcap_dropout.png"]
    pictures.append("speakers/cnn_seqcap_dropout.png")
    pictures.append("architecture_weights/cnn_rnn_att_dropout.png")
    pictures.append("diagnostics/cnn_rnn_att_dropout.png")
    assert all((results / name).stat().st_size > 5000 for name in pictures)
    log = (results / "logs/search_architecture/cnn_seqcap_dropout_seed1.log").read_text()
    assert "weights, epoch 2: loss" in log
    assert "architecture, epoch 1: loss" in log
    assert "done in" in log
    assert (results / "benchmarks/train_system/cnn_seqcap_random_seed1.tsv").exists()


def test_its_status_is_done(finished):
    status = status_of(finished.folder / "results")
    rows = {(row["system"], row["strategy"]): row for row in status.table()}
    assert list(rows) == [(system, nas) for system in SYSTEMS for nas in (*STRATEGIES, "ranked")]
    searched = ("cnn_seqcap", "dropout")
    assert [rows[searched][step] for step in ("search", "train", "test")] == ["5/5"] * 3
    assert {row["state"] for row in (*rows.values(), *status.others())} == {"done"}
    assert (status.left, status.unknown, status.over) == (0, 0, True)


def test_a_second_run_does_nothing(finished):
    status, text = finished.snakemake()
    assert status == 0
    assert "Nothing to be done" in text
    assert finished.would_run() == set()


def test_a_lost_table_is_all_that_is_made_again_with_the_page(finished):
    table = finished.folder / "results/table2.csv"
    kept = table.read_bytes()
    table.unlink()
    assert finished.would_run() == {"make_table", "make_report"}
    status, text = finished.snakemake("results/table2.csv")
    assert status == 0, text
    assert table.read_bytes() == kept


@pytest.mark.parametrize(
    ("setting", "redone", "kept"),
    [
        (
            "figures={dpi: 90}",
            {"draw_fig3", "draw_confusion", "draw_speakers"},
            {"train_system", "make_table"},
        ),
        (
            "evaluation={bootstrap: 500}",
            {"make_table", "test_claims"},
            {"draw_fig3", "evaluate_system"},
        ),
        (
            "training={epochs: 2}",
            {"train_system", "evaluate_system", "make_table"},
            {"search_architecture", "draw_architectures", "make_folds"},
        ),
        (
            "search={architecture_epochs: 2}",
            {"search_architecture", "train_system", "draw_fig3"},
            {"draw_architectures", "extract_features"},
        ),
        ("jobs={threads: 2}", set(), {"train_system", "search_architecture"}),
        ("device=cpu", set(), {"train_system", "search_architecture"}),
        ("features={n_fft: 2048}", {"extract_features", "make_folds"}, {"make_demo_corpus"}),
    ],
)
def test_an_edited_setting_redoes_just_what_depends_on_it(finished, setting, redone, kept):
    would_run = finished.would_run("--config", setting)
    assert redone <= would_run
    assert not kept & would_run


BAD = {
    "unknown key": ["search={epoch: 3}"],
    "not finite": ["optimisation={loss_factor: nan}"],
    "too few bins": ["features={n_mels: 8}"],
    "a fold too few": ["folds={count: 4}"],
    "an emotion that nobody shows": ["emotions=[neutral, angry, happy, bored]"],
    "a speaker in two sessions": ["corpus=manifest", "corpus_root=own"],
}


def state(folder):
    """Time and content of every file of the results, and of the corpus that they are made from."""
    paths = [path for name in ("results", "resources") for path in (folder / name).rglob("*")]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths if path.is_file()}


@pytest.mark.parametrize("settings", BAD.values(), ids=BAD)
def test_bad_input_leaves_every_result_as_it_is(finished, settings):
    own = finished.folder / "own"
    own.mkdir(exist_ok=True)
    for name in ("a.wav", "b.wav"):
        (own / name).touch()
    (own / "manifest.csv").write_text(
        "path,speaker,emotion,session\na.wav,A,sad,1\nb.wav,A,angry,2\n"
    )
    before = state(finished.folder)
    status, text = finished.snakemake("--config", *settings)
    assert status != 0
    assert "Traceback" not in text, text
    assert "defect" not in text, text
    after = state(finished.folder)
    assert after.keys() == before.keys(), text
    assert [path for path in before if after[path] != before[path]] == [], text


def test_the_ranks_of_a_search_stand_beside_those_of_trainings_alone(finished):
    results = finished.folder / "results"
    table = pd.read_csv(results / "rank_correlation.csv").set_index(["system", "nas"])
    assert table.index.tolist() == [
        (system, nas) for system in SYSTEMS for nas in ("(trained alone)", *STRATEGIES)
    ]
    assert set(table.architectures) == {3}
    assert table.tau.loc[:, "dropout"].between(-1, 1).all()
    assert table.tau.loc[:, "random"].isna().all()
    # of the same validation speakers: what is trained alone is what the other rows train
    alone = pd.read_csv(results / "models/cnn_seqcap/ranked/seed1/fold1.csv")
    assert alone.groupby("candidate").validation_wa.max().between(0, 1).all()
    drawn = [
        json.loads((results / f"search/cnn_seqcap/ranked/seed1/fold{k}.json").read_text())
        for k in range(1, 6)
    ]
    assert len(drawn[0]) == 3
    assert all(each == drawn[0] for each in drawn)
    assert "rank_correlation.png" in {path.name for path in results.iterdir()}


def test_another_seed_runs_alone(finished):
    status, text = finished.snakemake("-n", "--config", "seeds=2")
    assert status == 0, text
    wildcards = [line for line in text.splitlines() if "wildcards:" in line]
    assert len(wildcards) > 10
    assert all("seed=2" in line for line in wildcards)
    for old in ("search", "models", "predictions"):
        assert f"output: results/{old}/cnn_seqcap/dropout/seed1" not in text


def test_the_report_holds_the_table_and_the_figures(finished):
    status, text = finished.snakemake("--report", "report.html")
    assert status == 0, text
    html = (finished.folder / "report.html").read_text()
    for name in (
        "table2.csv",
        "fig3.png",
        "cnn_seqcap_dropout.png",
        "architectures.csv",
        "claims.csv",
        "searches.csv",
        "rank_correlation.png",
        "provenance.json",
    ):
        assert name in html


def test_a_page_says_what_was_found(finished):
    html = (finished.folder / "results/report.html").read_text()
    for strategy in STRATEGIES:
        assert f"<b>CNN_SeqCap, {strategy}</b>" in html
    pictures = 1 + 2 * len(SYSTEMS) + 3 * len(SYSTEMS) * len(STRATEGIES) + 1  # ranks last
    assert html.count("<img ") == pictures + 2 * len(SYSTEMS)
    assert "5 of 5 searches have not moved" in html


def test_provenance_is_that_of_the_run(finished):
    from sernas.base.hardware import cpu_model
    from sernas.features.store import FeatureStore

    results = finished.folder / "results"
    found = json.loads((results / "provenance.json").read_text())
    assert found["config"]["random_candidates"] == 2  # of the run's own file
    assert found["config"]["optimisation"]["hold_epochs"] == 3  # of the default
    with FeatureStore(results / "features.h5") as store:
        assert found["corpus"] == {"name": "demo", "checksum": store.corpus_checksum}
    assert found["git"]["commit"] is None  # the clone is a copy without a repository
    assert found["git"]["reason"]
    summary = json.loads((results / "models/cnn_seqcap/dropout/seed1/fold1.json").read_text())
    assert found["hardware"]["trained_on"] == [summary["device"]]
    if not found["hardware"]["table_made_on"]["gpus"]:
        assert summary["device"] == cpu_model()


def test_the_best_row_can_be_taken_away(finished):
    """That of the best validation figure; its networks predict what was predicted of the test."""
    import sernas

    results = finished.folder / "results"
    model = sernas.load(results / "models/best")
    rows = [(system, nas) for system in SYSTEMS for nas in STRATEGIES]
    validation = {
        row: pd.Series(
            [
                json.loads((results / f"models/{row[0]}/{row[1]}/seed1/fold{k}.json").read_text())
                for k in range(1, 6)
            ]
        ).map(lambda summary: summary["validation_wa"])
        for row in rows
    }
    means = {row: of.mean() for row, of in validation.items()}
    about = model.about
    assert means[about.system, about.strategy] == max(means.values())
    table = pd.read_csv(results / "table2.csv", keep_default_na=False).set_index(["system", "nas"])
    row = table.loc[(about.system, about.strategy)]
    assert (about.metrics["ua"], about.metrics["ua_low"]) == (float(row.ua), float(row.ua_low))
    predictions = results / f"predictions/{about.system}/{about.strategy}/seed1/fold1.csv"
    expected = pd.read_csv(predictions).iloc[0]
    paths = pd.read_csv(results / "corpus/manifest.csv").set_index("utterance")["path"]
    alone = replace(model, networks=model.networks[:1])
    found = alone.predict(finished.folder / "resources/demo" / paths[expected.utterance])
    assert found.emotion == expected.predicted
    for emotion, probability in found.probabilities.items():
        assert probability == pytest.approx(expected[f"p_{emotion}"], abs=1e-5)
