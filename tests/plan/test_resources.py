"""Numbers as they were before systems had cards: by cells, embeddings and bins."""

import csv
import dataclasses
import math
import os
from types import SimpleNamespace

import pytest

from sernas.corpora.recordings import Known
from sernas.plan.configuration import configure
from sernas.plan.resources import (
    doubling,
    network_mb,
    network_minutes,
    networks_at_once,
    search_epochs,
    training_epochs,
)
from sernas.search.ranked import RANKED
from sernas.settings.training import TrainingSettings


@pytest.fixture
def settings(default):
    return configure(default)


def of(system, strategy="none"):
    return SimpleNamespace(system=system, strategy=strategy)


@pytest.mark.parametrize(
    ("system", "cells", "embeddings"),
    [
        ("cnn_seqcap", 0, False),
        ("cnn_lstm", 0, False),
        ("darts_cnn_c4", 4, False),
        ("darts_cnn_lstm_c8_l3", 8, False),
        ("handcrafted", 4, False),
        ("deep", 0, True),
        ("two_stream_mean", 4, True),
    ],
)
@pytest.mark.parametrize("searching", [False, True])
def test_memory_and_minutes(settings, system, cells, embeddings, searching):
    spectrogram = 32 * 80 * 4 / 2**20
    times = 100 + (1150 if searching else 250) * cells
    hidden = 13 * 768 * 50 * 2.0 * 4 / 2**20
    expected = math.ceil(2000 + (times * spectrogram + 10 * hidden * embeddings) * 8)
    assert network_mb(settings, searching)(of(system)) == expected
    for gpu, of_paper, of_cell, of_hidden in ((True, 3, 0.5, 0.5), (False, 12, 13, 8)):
        of_cell /= 1 if searching else 10
        epoch = of_paper * 32 / 4096 + of_cell * cells * 32 / 128 + of_hidden * embeddings
        minutes = network_minutes(settings, gpu, folds=5, epochs=7, searching=searching)
        assert minutes(of(system)) == pytest.approx(math.ceil(10 + 35 * epoch), abs=1)


def test_a_step_of_the_papers_size_is_taken_in_parts(default):
    paper = {"n_fft": 16384, "f_max": 4000, "n_mels": None, "hop_ms": 10}
    default["features"] |= paper
    default["optimisation"]["batch_size"] = 16
    settings = configure(default)
    assert network_mb(settings, searching=True)(of("cnn_seqcap")) == 2000 + math.ceil(5 * 312.5)
    on_gpu = network_mb(settings, searching=True, gpu=True)
    assert on_gpu(of("cnn_seqcap")) == 2000 + 16 * 312.5 == network_mb(settings)(of("cnn"))


def write_known(table, seconds):
    """A table of recordings, as a run has it."""
    with open(table, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, Known._fields, restval="")
        writer.writeheader()
        writer.writerows({"path": path, "seconds": each} for path, each in seconds.items())


def test_memory_knows_the_longest_recording(settings, tmp_path):
    table = tmp_path / "recordings.csv"
    jobs = {name: network_mb(settings, recordings=table) for name in ("cnn", "deep")}
    steps = {name: network_mb(settings)(of(name)) for name in jobs}

    def asked():
        return {name: job(of(name)) - steps[name] for name, job in jobs.items()}

    assert asked() == {"cnn": 0, "deep": 0}  # before there is a table
    write_known(table, {"a.wav": "1.5", "b.wav": ""})
    assert asked()["deep"] == 0
    write_known(table, {"a.wav": "3600", "b, \U0001f600.wav": ""})
    os.utime(table, ns=(1, 1))
    hour = asked()
    write_known(table, {"a.wav": "3600", "b.wav": "7200"})
    os.utime(table, ns=(2, 2))
    assert asked()["cnn"] == hour["cnn"] == 2000 + 1500 - steps["cnn"]
    assert asked()["deep"] - hour["deep"] == pytest.approx(6 * 180_000 / 1024, abs=1)
    assert network_mb(settings, searching=True)(of("deep")) == steps["deep"]


def test_random_trains_several(settings):
    own = dataclasses.replace(settings, training=TrainingSettings(epochs=2))
    settings = dataclasses.replace(settings, rank_correlation=3, by_system={"cnn_lstm": own})
    epochs = training_epochs(settings)
    assert epochs(of("cnn", RANKED)) == 21
    assert epochs(of("cnn_lstm", "random")) == 10
    assert epochs(of("cnn", "random")) == 35
    assert epochs(of("cnn", "dropout")) == epochs(of("cnn", "none")) == 7
    assert epochs(of("cnn", "best_of_none")) == 35
    assert epochs(of("cnn", "successive_halving")) == 16 + 8 + 4 + 2 + 3
    assert epochs(of("cnn", "gradient_norm")) == 7
    once, several = (
        network_minutes(settings, True, 5, number)(of("cnn_seqcap", "random"))
        for number in (7, epochs)
    )
    assert several > once


def test_a_search_takes_the_epochs_of_its_strategys_stages(settings):
    # 18 of the operations, 20 of the architecture weights, or 5 generations of 20 paths
    numbers = {"joint": 18, "dropout": 38, "darts": 18, "sampling": 23, "single_path": 23}
    epochs = search_epochs(settings.search)
    assert {name: epochs(of("cnn_seqcap", name)) for name in numbers} == numbers
    by_weights = search_epochs(dataclasses.replace(settings.search, sampling="mixture"))
    assert by_weights(of("cnn_seqcap", "sampling")) == 38


def test_a_proxy_takes_an_epoch_to_search(settings):
    assert search_epochs(settings.search)(of("cnn_seqcap", "gradient_norm")) == 1


def test_another_attempt_gets_twice_as_much():
    assert [doubling(10)(None, attempt) for attempt in (1, 2, 3)] == [10, 20, 40]
    assert doubling(lambda wildcards: wildcards + 1)(4, 2) == 10


def test_networks_at_once_take_their_memory_where_they_go_together(default):
    default["jobs"]["at_once"] = 6
    default["by_system"] = {"cnn_seqcap": {"training": {"dropout": 0.1}}}
    settings = configure(default)
    at_once = networks_at_once(settings)
    numbers = {
        (system, strategy): at_once(of(system, strategy))
        for system in ("cnn_rnn_att", "cnn_seqcap", "cnn_lstm")
        for strategy in ("random", "successive_halving", RANKED)
    }
    together = [row for row, number in numbers.items() if number == 6]
    assert together == [("cnn_rnn_att", "random"), ("cnn_rnn_att", RANKED)]
    assert set(numbers.values()) == {1, 6}
    one = network_mb(settings, gpu=True)
    six = network_mb(settings, gpu=True, at_once=at_once)
    row = of("cnn_rnn_att", "random")
    assert six(row) - 2000 == pytest.approx(6 * (one(row) - 2000), abs=6)
    assert six(of("cnn_seqcap", "random")) == one(of("cnn_seqcap"))
    default["features"] |= {"n_fft": 16384, "f_max": 4000, "n_mels": None, "hop_ms": 10}
    settings = configure(default)  # a step of the paper's size is in parts, of one network
    at_once = networks_at_once(settings)
    assert network_mb(settings, at_once=at_once)(row) == network_mb(settings)(row)


def test_what_is_trained_anew_takes_its_epochs(default):
    default["by_system"] = {"cnn": {"training": {"speakers": "train_and_validation"}}}
    epochs = training_epochs(configure(default))
    assert (epochs(of("cnn")), epochs(of("cnn_lstm"))) == (14, 7)
    assert epochs(of("cnn", "random")) == 35 + 7
