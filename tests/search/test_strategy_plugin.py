"""The example of a strategy that is not ours, which the plugins of a configuration add."""

import dataclasses
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
import torch
from search import short

from sernas.base.interrupts import Interrupted
from sernas.base.plugins import load_plugins, module_name
from sernas.search.strategy import STRATEGIES, Moment
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space
from sernas.systems.code import code_of_system

EXAMPLE = Path(__file__).parents[2] / "examples/strategy.py"
SYSTEM = "cnn_rnn_att"
SETTINGS = dataclasses.replace(short.SETTINGS, epochs=3, architecture_learning_rate=0.05)


@pytest.fixture
def annealed(monkeypatch):
    """The strategy, for one test."""
    ours = dict(STRATEGIES)
    assert "annealed" not in ours
    for name in ("_cards", "_sources"):
        monkeypatch.setattr(STRATEGIES, name, dict(getattr(STRATEGIES, name)))
    load_plugins([str(EXAMPLE)])
    assert list(STRATEGIES) == [*ours, "annealed"]
    yield STRATEGIES["annealed"]
    del sys.modules[module_name(EXAMPLE)]


@pytest.fixture
def search(annealed, fold, tiny):
    def make():
        return Search(
            "annealed",
            SYSTEM,
            fold,
            dataclasses.replace(tiny.optimisation, batch_size=4),
            SETTINGS,
            SpaceSettings(),
            1,
            search_space(SYSTEM).baseline,
            torch.device("cpu"),
        )

    return make


@pytest.fixture
def seen(annealed, monkeypatch):
    """The moment and the mixing of each step of the operations."""
    steps, mixing = [], annealed.operation_mixing

    def watched(space, weights, moment, settings, rng):
        steps.append((moment, mixing(space, weights, moment, settings, rng)))
        return steps[-1][1]

    monkeypatch.setattr(annealed, "operation_mixing", watched)
    return steps


def temperature(progress):
    return sys.modules[module_name(EXAMPLE)].temperature(progress)


def test_the_temperature_falls_over_the_search(search, seen):
    found = search().run()
    progress = [moment.progress for moment, _ in seen]
    assert (progress[0], progress[-1]) == (0, 1)
    assert len(seen) > SETTINGS.epochs
    falling = [temperature(p) for p in progress]
    assert falling == sorted(set(falling), reverse=True)
    assert (falling[0], falling[-1]) == pytest.approx((5, 0.1))
    assert all(len(mix.candidates) == 1 for _, mixing in seen for mix in mixing.values())
    assert [row["stage"] for row in found.history] == ["weights"] * 3
    assert found.history[0]["entropy/conv2d_1"] < torch.tensor(6.0).log() - 1e-4
    assert search_space(SYSTEM).only(found.architecture).size == 1


@pytest.mark.parametrize("step", [0, 50, 100])
def test_sampling_follows_the_weights(annealed, step):
    a, n = torch.tensor([0.4, 0.3, 0.2, 0.1]), 4000
    moment, rng = Moment(0, 1, step, 101), random.Random(0)
    expected = torch.softmax(a.log() / temperature(step / 100), 0).tolist()
    drawn = Counter(
        annealed.operation_mixing(None, {"dense": a}, moment, SETTINGS, rng)["dense"].candidates
        for _ in range(n)
    )
    for i, share in enumerate(expected):
        assert drawn[(i,)] == pytest.approx(n * share, abs=4 * (n * share) ** 0.5 + 1)


def test_one_that_was_stopped_goes_on_at_the_same_moment(search, seen, annealed, tmp_path):
    undisturbed, steps = search().run(), seen.copy()
    seen.clear()
    watched, stop = annealed.operation_mixing, len(steps) // 2

    def stopping(*args):
        if len(seen) == stop:
            os.kill(os.getpid(), signal.SIGTERM)
        return watched(*args)

    annealed.operation_mixing = stopping
    with pytest.raises(Interrupted):
        search().run(tmp_path)
    assert 0 < seen[-1][0].step < seen[-1][0].steps - 1  # within an epoch
    assert len(seen) == stop + 1
    assert search().run(tmp_path) == undisturbed
    assert seen == steps


def test_its_code_is_part_of_what_a_checkpoint_belongs_to(search):
    assert search().code() == (EXAMPLE, *code_of_system("cnn_rnn_att", SpaceSettings()))
