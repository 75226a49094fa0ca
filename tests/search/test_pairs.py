"""Every strategy on every search space."""

import dataclasses
import random

import numpy as np
import pytest
import torch
from random_inputs import EACH, LEARNED, SIZES, sizes_of, x_of
from search import short

from sernas.base.errors import SettingsError
from sernas.features.moments import Moments
from sernas.features.store import TEXT, FeatureStore
from sernas.features.writer import open_writer
from sernas.folds.fold import Fold
from sernas.folds.statistics import training_statistics
from sernas.models import build_system
from sernas.search.strategy import STRATEGIES, Moment, SupernetStrategy
from sernas.search.supernet_search import Search
from sernas.settings.features import EmbeddingSettings
from sernas.settings.space import SpaceSettings
from sernas.space.cells import SKIP
from sernas.systems.card import SYSTEMS, search_space, streams

CPU = torch.device("cpu")
SETTINGS = dataclasses.replace(short.SETTINGS, architecture_learning_rate=0.01)
SUPERNETS = [
    name for name, strategy in STRATEGIES.items() if isinstance(strategy, SupernetStrategy)
]
SEARCHED = [system for system in SYSTEMS if search_space(system).choices]
HAND_MADE = [system for system in LEARNED if system not in SEARCHED]
# those of one space; the LSTM behind the cells is not searched, and each step of cells takes long
ONE_OF_EACH = ["cnn_rnn_att", "cnn_seqcap", "darts_cnn_c4", "deep", "two_stream_supplement"]
PAIRS = [
    (strategy, system)
    for system in ONE_OF_EACH
    for strategy in SUPERNETS
    # of two streams, whose cells take twice the time, one that masks and one that alternates
    if system != "two_stream_supplement" or strategy in ("dropout", "darts")
]
EMBEDDINGS = EmbeddingSettings("m", "0", 16000, 320, *SIZES["embeddings"])


class Few:
    """The first segments of a role, so that a search of cells takes seconds."""

    def __init__(self, data):
        self._data, self.utterances = data, data.utterances

    def __len__(self):
        return 6

    def to(self, device):
        self._data.to(device)
        return self

    def __getattr__(self, name):
        return getattr(self._data, name)


@pytest.fixture
def fold_of(fold, tiny, tmp_path):
    """Opens fold 1 of the streams of a system, with hidden states of noise."""
    files = [(fold.stores[0], tiny.statistics)]
    index, rng = fold.stores[0].index, np.random.default_rng(0)
    with open_writer(tmp_path / "embeddings.h5", 80 * len(index), EMBEDDINGS) as writer:
        for row in index.to_dict("records"):
            frames = (int(row["seconds"] * 16000) - 400) // 320 + 1
            states = rng.normal(size=(frames, *EMBEDDINGS.frame_shape)).astype(np.float16)
            labels = {name: row[name] for name in TEXT}
            writer.append(states, Moments.of(states), row["seconds"], "", **labels)
    with FeatureStore(tmp_path / "embeddings.h5") as store:
        training_statistics(store, fold.split, "bin").save(tmp_path / "embeddings.npz")
        files.append((store, tmp_path / "embeddings.npz"))
        of_stream = dict(zip(("spectrogram", "embeddings"), files, strict=True))

        def make(system):
            stores, statistics = zip(*(of_stream[s] for s in streams(system)), strict=True)
            return Fold(stores, tiny.split, statistics, tiny.folds, tiny.emotions)

        yield make


@pytest.fixture
def search(fold_of, tiny, monkeypatch):
    def make(strategy, system, settings=SETTINGS, **optimisation):
        fold = fold_of(system)
        segments = fold.segments
        monkeypatch.setattr(fold, "segments", lambda role: Few(segments(role)))
        changes = {"batch_size": 3, **optimisation}
        probe = search_space(system).draw(random.Random(0))
        return Search(
            strategy,
            system,
            fold,
            dataclasses.replace(tiny.optimisation, **changes),
            settings,
            SpaceSettings(),
            1,
            probe,
            CPU,
        )

    return make


def candidates(system):
    return tuple((choice.layer, choice.candidates) for choice in search_space(system).choices)


def test_there_are_spaces_of_both_kinds():
    assert set(ONE_OF_EACH) <= set(SEARCHED)
    assert {candidates(system) for system in SEARCHED} == {
        candidates(system) for system in ONE_OF_EACH
    }
    assert HAND_MADE == ["cnn", "cnn_lstm"]


@pytest.mark.parametrize(("strategy", "system"), PAIRS)
def test_a_strategy_searches_a_space(search, strategy, system):
    s = search(strategy, system)
    before = {n: p.detach().clone() for n, p in s.supernet.named_parameters()}
    found = s.run()
    moved = {n for n, p in s.supernet.named_parameters() if not torch.equal(p, before[n])}
    logits = {n for n in before if n.startswith("logits")}
    ranks = found.history[-1]["stage"] == "evolution"
    # of the two steps' paths an edge may be none, which tells nothing of its weights
    least = {"gdas": 0.8}.get(strategy, 0 if ranks else 1) * len(logits)
    assert len(logits & moved) >= least
    assert not (ranks and logits & moved)
    assert moved - logits
    assert ranks or found.architecture == s.supernet.derive()
    network = build_system(system, inputs=sizes_of(system), architecture=found.architecture)
    assert network.eval()(x_of(system, 1, 20)).shape == (1, 4)
    assert all(row["loss"] > 0 for row in found.history)


@pytest.mark.parametrize("system", SEARCHED)
def test_random_draws_from_every_space(system):
    drawn = STRATEGIES["random"].candidates(search_space(system), 3, random.Random(0))
    assert len(drawn) == 3
    for architecture in drawn:
        build_system(system, inputs=sizes_of(system), architecture=architecture)


@pytest.mark.parametrize("system", EACH)
def test_none_is_for_what_was_made_by_hand(system):
    space, none = search_space(system), STRATEGIES["none"]
    if system.startswith("darts"):
        with pytest.raises(SettingsError, match="has no hand-made architecture"):
            none.candidates(space, 1, random.Random(0))
    else:
        (architecture,) = none.candidates(space, 1, random.Random(0))
        build_system(system, inputs=sizes_of(system), architecture=architecture)


@pytest.mark.parametrize("strategy", SUPERNETS)
@pytest.mark.parametrize("system", HAND_MADE)
def test_what_was_made_by_hand_has_nothing_to_search(search, strategy, system):
    with pytest.raises(SettingsError, match=f"{system} is made by hand, so that {strategy} has"):
        search(strategy, system)


def test_the_two_orders_of_darts_differ_by_the_look_ahead(search):
    """From equal weights the first steps of the architecture differ, and the operations' do not."""
    first, second = (search(f"darts{o}", "cnn_rnn_att") for o in ("", "_second_order"))
    training = first.training.batch(range(3))
    validation = first.validation.batch(range(3))
    before = {n: p.detach().clone() for n, p in second.supernet.system.named_parameters()}
    moment = Moment(0, 1, 0, 1)
    first.updates.architecture(validation, moment)
    second.updates.unrolled(validation, training, moment)
    for name, w in second.supernet.system.named_parameters():
        assert torch.equal(w, before[name]), name
    gradients = [torch.cat([a.grad for a in s.supernet.logits.values()]) for s in (first, second)]
    apart = (gradients[0] - gradients[1]).norm() / gradients[0].norm()
    assert 1e-5 < apart < 0.5


@pytest.mark.parametrize("strategy", ["darts", "darts_second_order"])
def test_darts_as_its_authors_train_it(search, strategy):
    settings = dataclasses.replace(
        SETTINGS,
        epochs=2,
        architecture_learning_rate=3e-4,
        architecture_betas=(0.5, 0.999),
        architecture_weight_decay=1e-3,
    )
    s = search(
        strategy,
        "darts_cnn_c4",
        settings,
        optimizer="sgd",
        learning_rates=(0.025, 0.001),
        schedule="cosine",
        weight_decay=3e-4,
        clip=5.0,
    )
    history = s.run().history
    assert [row["stage"] for row in history] == ["weights", "weights"]
    assert [row["learning_rate"] for row in history] == pytest.approx([0.025, 0.013])
    assert s.updates.optimizer.defaults["momentum"] == 0.9
    assert history[-1]["skips/normal"] in range(9)
    weights = [a for name, a in history[-1].items() if name.startswith("weight/normal_2_0/")]
    assert 1e-5 < max(weights) - min(weights) < 1  # the entropy is the greatest but for rounding


@pytest.mark.parametrize(("system", "kind"), [("darts_cnn_c4", "normal"), ("deep", "deep")])
def test_a_search_stops_when_skip_connections_take_over(search, system, kind):
    settings = dataclasses.replace(SETTINGS, epochs=5, stop_at_skips=2)
    s = search("darts", system, settings)
    for layer in (f"{kind}_2_0", f"{kind}_3_0"):
        with torch.no_grad():
            s.supernet.logits[layer][s.supernet.space[layer].candidates.index(SKIP)] = 5.0
    found = s.run()
    assert len(found.history) == 1
    assert found.history[0][f"skips/{kind}"] >= 2
