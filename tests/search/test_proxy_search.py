import dataclasses
import json
import os
import signal

import pandas as pd
import pytest
import torch
from search import short

from sernas.base.interrupts import Interrupted
from sernas.base.seeds import seed_of
from sernas.models import build_system
from sernas.search.proxy_search import ProxySearch
from sernas.search.search_folds import search_folds
from sernas.search.strategy import STRATEGIES
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

SYSTEM, CPU = "cnn_rnn_att", torch.device("cpu")
SETTINGS = dataclasses.replace(short.SETTINGS, proxy_candidates=6)
PROXY = STRATEGIES["gradient_norm"]


@pytest.fixture
def search(fold, tiny):
    def search(seed=1, system=SYSTEM):
        space = SpaceSettings()
        settings = (tiny.optimisation, SETTINGS, space, seed, CPU)
        return ProxySearch(PROXY, system, fold, *settings).run()

    return search


@pytest.mark.parametrize("system", [SYSTEM, "darts_cnn_c4"])
def test_the_architecture_of_the_highest_score_is_found(search, system):
    found = search(system=system)
    assert [row["number"] for row in found.history] == [1, 2, 3, 4, 5, 6]
    scores = [row["score"] for row in found.history]
    assert len(set(scores)) == 6
    best = found.history[scores.index(max(scores))]
    assert found.architecture.items() <= best.items()
    assert search_space(system).only(found.architecture).size == 1
    assert found.cost["steps"] == 6
    assert found.cost["flops"] > 0


def test_a_search_repeats_and_seeds_differ(search):
    assert search() == search()
    assert search().history != search(seed=2).history


def test_the_score_is_the_sum_of_the_gradients_norms():
    torch.manual_seed(0)
    network = build_system(SYSTEM, n_bins=32)
    x, y = torch.randn(4, 1, 32, 40), torch.tensor([0, 1, 2, 3])
    weights = list(network.parameters())
    loss = torch.nn.CrossEntropyLoss()
    expected = torch.autograd.grad(loss(network(x), y), weights)
    score = PROXY.score(network, x, y)
    assert score == pytest.approx(sum(g.norm().item() for g in expected), rel=1e-5)
    steep = build_system(SYSTEM, n_bins=32)
    steep.load_state_dict({n: 1.5 * w for n, w in network.state_dict().items()})
    assert PROXY.score(steep, x, y) > score


def test_only_training_data_is_read_and_nothing_is_trained(search, fold, monkeypatch):
    roles, segments = [], fold.segments
    monkeypatch.setattr(fold, "segments", lambda role: roles.append(role) or segments(role))
    monkeypatch.setattr(fold, "utterances", lambda role: pytest.fail("no utterances in a search"))
    monkeypatch.setattr(torch.optim.Adam, "step", lambda *_: pytest.fail("no training"))
    search()
    assert roles == ["train"]


def test_it_can_be_stopped(search, monkeypatch):
    scored, score = [], type(PROXY).score

    def stopping(*arguments):
        scored.append(score(*arguments))
        os.kill(os.getpid(), signal.SIGTERM)
        return scored[-1]

    monkeypatch.setattr(type(PROXY), "score", stopping)
    with pytest.raises(Interrupted):
        search()
    assert len(scored) == 1


def test_each_fold_is_scored_by_seeds_of_its_own_and_kept(search, fold, tiny, tmp_path):
    architectures = [tmp_path / f"{n}.json" for n in (2, 7)]
    histories, costs = ([p.with_suffix(s) for p in architectures] for s in (".csv", ".cost"))
    search_folds(
        "gradient_norm",
        SYSTEM,
        [fold, fold],
        [2, 7],
        tiny.optimisation,
        SETTINGS,
        SpaceSettings(),
        seed=5,
        device=CPU,
        resume=tmp_path / "resume",
        architectures=architectures,
        histories=histories,
        costs=costs,
    )
    for number, architecture, history in zip((2, 7), architectures, histories, strict=True):
        found = search(seed_of(5, "search", SYSTEM, number))
        assert json.loads(architecture.read_text()) == [found.architecture]
        assert pd.read_csv(history, dtype={"attention": str}).to_dict("records") == found.history
    assert histories[0].read_text() != histories[1].read_text()
