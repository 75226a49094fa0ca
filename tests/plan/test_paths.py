from types import SimpleNamespace

import pytest

from sernas.experiments.experiment import EXPERIMENTS
from sernas.plan.paths import Paths, base_of

PATHS = Paths("results/x", [1, 2], [5, 6], "results/x")


@pytest.mark.parametrize(
    ("experiment", "results"), [("wu2022", "results/x"), ("sun2022", "results/x/two_stream")]
)
def test_all_experiments_share_a_corpus(experiment, results):
    assert base_of(results, EXPERIMENTS[experiment]) == "results/x"


def test_a_pattern_of_rows_seeds_and_folds():
    rows = [("a", "none"), ("b", "joint")]
    pattern = "search/{system}/{strategy}/seed{seed}/fold{fold}.csv"
    assert PATHS.for_rows(pattern, rows) == [
        f"results/x/search/{row}/seed{seed}/fold{fold}.csv"
        for row in ("a/none", "b/joint")
        for seed in (5, 6)
        for fold in (1, 2)
    ]
    assert PATHS.for_seed(pattern, rows[:1]) == [
        "results/x/search/a/none/seed{seed}/fold1.csv",
        "results/x/search/a/none/seed{seed}/fold2.csv",
    ]


def test_a_pattern_without_seeds_and_folds_is_one_file_a_row():
    assert PATHS.for_rows("c/{system}_{strategy}.png", [("a", "none")]) == [
        "results/x/c/a_none.png"
    ]


def test_a_variant_reads_the_stores_of_the_configuration_that_it_does_not_change():
    paths = Paths("results/x/variants/v", [1], [5], "results/x", ["spectrogram"])
    streams = ["spectrogram", "embeddings"]
    assert paths.stores(streams) == ["results/x/features.h5", "results/x/variants/v/embeddings.h5"]
    assert paths.excluded(streams)[0] == "results/x/features_excluded.csv"
    assert paths.splits([1]) == ["results/x/variants/v/folds/fold1.csv"]


def test_files_of_some_folds_keep_the_wildcards():
    assert PATHS.per_fold("models", "pt", [2]) == [
        "results/x/models/{system}/{strategy}/seed{seed}/fold2.pt"
    ]


@pytest.mark.parametrize(
    ("system", "stores", "statistics"),
    [
        ("cnn_seqcap", ["features.h5"], ["fold2.npz"]),
        ("deep", ["embeddings.h5"], ["fold2_embeddings.npz"]),
        (
            "two_stream_mean",
            ["features.h5", "embeddings.h5"],
            ["fold2.npz", "fold2_embeddings.npz"],
        ),
    ],
)
def test_a_network_reads_the_streams_of_its_system(system, stores, statistics):
    data, wildcards = PATHS.data([2]), SimpleNamespace(system=system)
    assert data["stores"](wildcards) == [f"results/x/{name}" for name in stores]
    assert data["splits"] == ["results/x/folds/fold2.csv"]
    assert data["statistics"](wildcards) == [f"results/x/folds/{name}" for name in statistics]


def test_the_statistics_of_two_streams_stand_fold_by_fold():
    names = [
        path.rpartition("/")[2] for path in PATHS.statistics([1, 2], ["spectrogram", "embeddings"])
    ]
    assert names == ["fold1.npz", "fold1_embeddings.npz", "fold2.npz", "fold2_embeddings.npz"]


def test_what_was_found_for_the_parts():
    wildcards = SimpleNamespace(system="two_stream_mean", strategy="darts", seed="6")
    assert PATHS.found_for_parts([1, 2])(wildcards) == [
        "results/x/search/handcrafted/darts/seed6/fold1.json",
        "results/x/search/handcrafted/darts/seed6/fold2.json",
        "results/x/search/deep/darts/seed6/fold1.json",
        "results/x/search/deep/darts/seed6/fold2.json",
    ]
