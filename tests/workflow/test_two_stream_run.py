"""The experiment of Sun et al. 2022 from the corpus to its table and pictures."""

import json
import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from workflow.clone import TINIER, Clone

from sernas.experiments.experiment import EXPERIMENTS
from sernas.features.store import FeatureStore
from sernas.folds.shared_utterances import shared_utterances
from sernas.models import build_system
from sernas.systems.card import streams

SYSTEMS = ["handcrafted", "deep", "two_stream_supplement"]
NAS = ["darts"]  # to save time; what is trained without a search differs in the file it reads
SHORT = {
    "systems": SYSTEMS,
    "strategies": NAS,
    "training": {"epochs": 1},
    "search": {"epochs": 1},
    "optimisation": {"batch_size": 16},  # half the steps
}
INPUTS = {"spectrogram": (1, 32), "embeddings": (3, 16)}
UNREADABLE, TOO_SHORT = "Ses01F_impro01_F001", "Ses02F_impro01_M001"


@pytest.fixture(scope="module")
def two_stream(tmp_path_factory):
    """A run of recordings of which one cannot be read, and one is too short for embeddings."""
    import soundfile

    clone = Clone(tmp_path_factory.mktemp("two_stream"), TINIER | {"sun2022": SHORT})
    status, text = clone.snakemake("resources/demo")
    assert status == 0, text
    one, other = (
        next((clone.folder / "resources/demo").rglob(f"{name}.wav"))
        for name in (UNREADABLE, TOO_SHORT)
    )
    one.write_bytes(b"RIFF")
    audio, rate = soundfile.read(other)
    soundfile.write(other, audio[: int(0.07 * rate)], rate)  # 4 frames of 22 ms, 3 of 20 ms
    status, text = clone.snakemake("results/table_two_stream.csv", "two_stream_all")
    assert status == 0, text
    return clone


@pytest.fixture
def results(two_stream):
    return two_stream.folder / "results/two_stream"


def test_every_system_has_a_row(two_stream):
    path = two_stream.folder / "results/table_two_stream.csv"
    table = pd.read_csv(path, keep_default_na=False)
    rows = list(zip(table["system"], table["nas"], strict=True))
    assert rows == [(system, nas) for system in SYSTEMS for nas in NAS]
    assert set(table.published_ua) == {""}
    assert table.ua.between(0, 100).all()
    assert "our instantiation" in path.with_suffix(".md").read_text()
    assert "Published" not in path.with_suffix(".tex").read_text()


def test_what_one_store_leaves_out_no_network_sees(results):
    before, excluded = (
        pd.read_csv(folder / "excluded.csv").set_index("utterance")["reason"]
        for folder in (results.parent / "corpus", results)
    )
    assert excluded[: len(before)].equals(before)
    assert before.index[-1] == UNREADABLE
    assert excluded.index[len(before) :].tolist() == [TOO_SHORT]
    assert "expected audio that libsndfile reads" in excluded[UNREADABLE]
    assert "expected 4 frames or more, found 3 (1120 samples)" in excluded[TOO_SHORT]
    with (
        FeatureStore(results / "features.h5") as spectrograms,
        FeatureStore(results / "embeddings.h5") as embeddings,
    ):
        shared = shared_utterances([spectrograms, embeddings])["utterance"]
        assert TOO_SHORT in set(spectrograms.index["utterance"])
        assert not {UNREADABLE, TOO_SHORT} & set(shared)
    for fold in (1, 2):
        split = pd.read_csv(results / f"folds/fold{fold}.csv").set_index("utterance")
        assert set(split.index) == set(shared)
        for system in SYSTEMS:
            predictions = pd.read_csv(results / f"predictions/{system}/darts/seed1/fold{fold}.csv")
            tested = split.index[split["role"] == "test"]
            assert predictions["utterance"].tolist() == tested.tolist()


def test_both_streams_have_statistics_of_their_training_speakers(results):
    split = pd.read_csv(results / "folds/fold1.csv")
    training = sorted(set(split["speaker"][split["role"] == "train"]))
    for name, shape in (("fold1.npz", (32,)), ("fold1_embeddings.npz", (3, 16))):
        with np.load(results / "folds" / name) as arrays:
            assert arrays["speakers"].tolist() == training
            assert arrays["mean"].shape == shape


def test_streams_are_searched_alone_and_then_joined(results):
    system = SYSTEMS[-1]
    for fold in (1, 2):
        joined, handcrafted, deep = (
            json.loads((results / f"search/{name}/darts/seed1/fold{fold}.json").read_text())
            for name in (system, "handcrafted", "deep")
        )
        assert joined == [handcrafted[0] | deep[0]]
        assert not (results / f"search/{system}/darts/seed1/fold{fold}.csv").exists()
    for name in ("handcrafted", "deep"):
        assert len(pd.read_csv(results / f"search/{name}/darts/seed1/fold1.csv")) == 1


@pytest.mark.parametrize("nas", NAS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_trained_is_the_genotype_that_is_listed_and_drawn(results, system, nas):
    listed = pd.read_csv(results / "architectures.csv").set_index(["system", "nas", "fold"])
    for fold in (1, 2):
        summary = json.loads((results / f"models/{system}/{nas}/seed1/fold{fold}.json").read_text())
        found = json.loads((results / f"search/{system}/{nas}/seed1/fold{fold}.json").read_text())
        assert found == [summary["architecture"]]
        network = build_system(
            system,
            inputs=tuple(INPUTS[stream] for stream in streams(system)),
            architecture=summary["architecture"],
        )
        row = listed.loc[(system, nas, fold)]
        assert network.parameter_count() == summary["params"] == row.params
        assert (results / f"cells/{system}_{nas}/seed1/fold{fold}.png").stat().st_size > 10000


def test_the_table_says_which_speech_model_it_is_of(results):
    features = json.loads((results / "provenance.json").read_text())["features"]
    assert features[0]["window"] == "hamming"
    assert features[1]["model"] == "resources/tiny_speech_model"
    assert len(features[1]["checksum"]) == 64


def test_a_setting_redoes_what_depends_on_it(two_stream):
    assert two_stream.would_run("two_stream_all") == set()
    search = "sun2022={search: {architecture_learning_rate: 0.001}}"
    would_run = two_stream.would_run("two_stream_all", "--config", search)
    assert {
        *("two_stream_search_architecture", "two_stream_join_architectures"),
        *("two_stream_train_system", "two_stream_make_table"),
    } <= would_run
    assert not {"two_stream_make_folds", "prepare_corpus"} & would_run
    spectrogram = "sun2022={features: {hop_ms: 20}}"
    would_run = two_stream.would_run("two_stream_all", "--config", spectrogram)
    assert {"two_stream_extract_features", "two_stream_make_folds"} <= would_run
    assert "two_stream_extract_embeddings" not in would_run


@pytest.mark.parametrize(
    ("configfile", "results", "systems"),
    [
        ("tiny.yaml", "results", [*SYSTEMS, "two_stream_concat"]),
        ("config/all_rows.yaml", "results/all_rows", EXPERIMENTS["sun2022"].systems),
    ],
    ids=["default", "all rows"],
)
def test_which_rows_the_table_has(clone, configfile, results, systems):
    target = f"{results}/table_two_stream.csv"
    status, text = clone.snakemake(target, "-n", configfile=configfile)
    assert status == 0, text
    made = re.findall(rf"{results}/two_stream/predictions/(\w+)/(\w+)/seed1/fold1.csv", text)
    assert set(made) == set(product(systems, ("none", "random", "darts")))


def test_other_experiments_need_no_speech_model(clone):
    would_run = clone.would_run("all", "results/table_darts.csv")
    assert "make_folds" in would_run
    assert not {rule for rule in would_run if "embeddings" in rule or "model" in rule}
