"""Successive halving on a real fold: who goes on, what it takes, and that no stop is seen."""

import os
import random
import signal

import pytest
import torch

from sernas.base.interrupts import Interrupted
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.from_scratch import Candidates, Training, train_best
from sernas.training.halving import train_by_halving
from sernas.training.rungs import epochs_in_all

SYSTEM, CPU, EPOCHS = "cnn_rnn_att", torch.device("cpu"), 6
SPACE, RNG = search_space(SYSTEM), random.Random(0)
DRAWN = [SPACE.draw(RNG) for _ in range(4)]


@pytest.fixture
def train(fold, tiny):
    def train(trainer, architectures=DRAWN, folder=None):
        settings, space = TrainingSettings(EPOCHS), SpaceSettings()
        optimisation = tiny.optimisation
        candidates = (SYSTEM, architectures, fold, settings, optimisation, space, 1, CPU)
        return trainer(Candidates(*candidates), folder)

    return train


@pytest.fixture(scope="module")
def ended():
    return []


@pytest.fixture
def undisturbed(train, ended):
    """What nothing stopped, once for all tests."""
    if not ended:
        ended.append(train(train_by_halving))
    return ended[0]


def assert_equal(one, other):
    assert one.history == other.history
    assert (one.architecture, one.epoch) == (other.architecture, other.epoch)
    for a, b in zip(one.network.parameters(), other.network.parameters(), strict=True):
        assert torch.equal(a, b)


def reached(trained, candidate, epochs):
    rows = [row for row in trained.history if row["candidate"] == candidate]
    return max(row["validation_wa"] for row in rows[:epochs])


def test_the_better_half_goes_on_and_no_epoch_is_taken_twice(undisturbed):
    epochs = {n: 0 for n in (1, 2, 3, 4)}
    for row in undisturbed.history:
        epochs[row["candidate"]] += 1
    assert sorted(epochs.values()) == [2, 2, 4, 6]
    assert sum(epochs.values()) == epochs_in_all(4, EPOCHS) == undisturbed.cost["epochs"]
    for end in (2, 4):
        there = {n: reached(undisturbed, n, end) for n in epochs if epochs[n] >= end}
        worst_kept = min(wa for n, wa in there.items() if epochs[n] > end)
        assert worst_kept >= max(wa for n, wa in there.items() if epochs[n] == end)
    assert undisturbed.architecture == DRAWN[max(epochs, key=epochs.get) - 1]


def test_the_last_one_ends_as_if_it_had_been_trained_alone(undisturbed, train):
    alone = train(train_best, [undisturbed.architecture])
    last = max(row["candidate"] for row in undisturbed.history if row["epoch"] == EPOCHS)
    rows = [row for row in undisturbed.history if row["candidate"] == last]
    assert rows == [row | {"candidate": last} for row in alone.history]
    for a, b in zip(alone.network.parameters(), undisturbed.network.parameters(), strict=True):
        assert torch.equal(a, b)


def test_one_that_is_stopped_anywhere_ends_as_if_it_was_not(
    undisturbed, train, tmp_path, monkeypatch
):
    step, taken = Training._step, []

    def stopping(training, x, y):
        taken.append(1)
        if len(taken) in stops:
            os.kill(os.getpid(), signal.SIGTERM)
        return step(training, x, y)

    monkeypatch.setattr(Training, "_step", stopping)
    stops = (3, 20, 50, 75)  # on the first rung, and on later ones
    for _ in stops:
        with pytest.raises(Interrupted):
            train(train_by_halving, folder=tmp_path)
    assert_equal(train(train_by_halving, folder=tmp_path), undisturbed)
    assert len(taken) == undisturbed.cost["steps"]  # none is taken again
