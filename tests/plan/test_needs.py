import pytest

from sernas.plan.configuration import configure
from sernas.plan.loading import OWN, load_config
from sernas.plan.needs import IEMOCAP_HOURS, needs
from sernas.systems.card import SYSTEMS


def of(files, pairs, hours=IEMOCAP_HOURS, longest=5.0):
    settings = configure(load_config(files, pairs))
    return {need.what: need for need in needs(settings, 3600 * hours, longest)}


def test_an_epoch_of_iemocap_takes_what_the_card_says():
    pairs = ["systems=[cnn_seqcap]", "strategies=[none, joint]", "features={n_mels: 64}"]
    pairs += ["training={epochs: 6}", "folds={count: 5}", "seeds=2"]
    found = of([], pairs)
    trained, searched = found["cnn_seqcap none"], found["cnn_seqcap joint"]
    epoch = SYSTEMS["cnn_seqcap"].cost.cpu_minutes.training * 64 / 4096
    assert trained.cpu_hours == pytest.approx(2 * 5 * 6 * epoch / 60, rel=0.01)
    assert searched.cpu_hours > trained.cpu_hours > trained.gpu_hours > 0
    half = of([], pairs, IEMOCAP_HOURS / 2)
    assert half["cnn_seqcap none"].cpu_hours == trained.cpu_hours / 2


def test_disk_is_that_of_the_stores():
    found = of([OWN], ["corpus_root=/data", "embeddings={model: a/b}"], hours=1)
    assert found["features.h5"].disk_mb == pytest.approx(3600 * 25 * 64 * 2 / 2**20)
    assert found["embeddings.h5"].disk_mb == pytest.approx(3600 * 25 * 13 * 768 * 2 / 2**20)


def test_memory_knows_the_longest_recording():
    pairs = ["systems=[cnn]", "strategies=[none]"]
    short, long = (of([], pairs, longest=seconds)["cnn none"] for seconds in (1.0, 900.0))
    assert long.memory_mb > short.memory_mb


def test_what_is_fitted_at_once_takes_no_epochs():
    pairs = ["systems=[linear, cnn_seqcap]", "strategies=[none]", "training={epochs: 100}"]
    found = of([], pairs)
    of_one = found["cnn_seqcap none"].cpu_hours / 100
    assert found["linear none"].cpu_hours == pytest.approx(of_one, rel=0.01)
