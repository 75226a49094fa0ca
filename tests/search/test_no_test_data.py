"""Neither search nor training asks for test data: to them it might as well not exist."""

import dataclasses
from pathlib import Path

import pytest
import torch
from search.short import SETTINGS

import sernas.folds.segments
from sernas.folds.fold import open_folds
from sernas.folds.role_rows import select
from sernas.search.strategy import STRATEGIES, SupernetStrategy
from sernas.search.supernet_search import Search
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.fitted import fit
from sernas.training.from_scratch import Candidates, Training

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
SYSTEM = "cnn_rnn_att"
BASELINE = search_space(SYSTEM).baseline
SUPERNETS = [
    name for name, strategy in STRATEGIES.items() if isinstance(strategy, SupernetStrategy)
]


@pytest.fixture
def roles(monkeypatch):
    """The roles whose rows are selected; asking for test's is an error."""
    asked = []

    def guarded(store, split, role, emotions):
        assert role != "test"
        asked.append(role)
        return select(store, split, role, emotions)

    monkeypatch.setattr(sernas.folds.segments, "select", guarded)
    return asked


def test_the_guard_guards(fold, roles):
    with pytest.raises(AssertionError):
        fold.utterances("test")


@pytest.mark.parametrize("bilevel", ["two_stage", "alternating"])
@pytest.mark.parametrize("strategy", SUPERNETS)
def test_search(fold, tiny, roles, strategy, bilevel):
    settings = dataclasses.replace(SETTINGS, bilevel=bilevel)
    Search(
        strategy, SYSTEM, fold, tiny.optimisation, settings, SpaceSettings(), 1, BASELINE, CPU
    ).run()
    assert set(roles) == {"train"} | ({"validation"} if strategy != "joint" else set())


def test_training(fold, tiny, roles):
    Training(
        SYSTEM, BASELINE, fold, TrainingSettings(1), tiny.optimisation, SpaceSettings(), 1, CPU
    ).train()
    assert set(roles) == {"train", "validation"}


def test_training_of_two_streams(two_stream_fold, tiny, roles):
    fold, system = two_stream_fold, "two_stream_mean"
    baseline, settings = search_space(system).baseline, TrainingSettings(1)
    Training(system, baseline, fold, settings, tiny.optimisation, SpaceSettings(), 1, CPU).train()
    assert roles == ["train", "train", "validation", "validation"]  # of each store


def test_a_baseline_beside_two_streams_is_that_of_the_hidden_states(
    two_stream_fold, tiny_embeddings, tiny, roles
):
    fold, system = two_stream_fold, "two_stream_mean"
    baseline, settings = search_space(system).baseline, TrainingSettings(1, select="last")
    how = settings, tiny.optimisation, SpaceSettings(beside="linear"), 1, CPU
    network = Training(system, baseline, fold, *how).network
    assert set(roles) == {"train", "validation"}
    store, statistics = tiny_embeddings
    with open_folds([store], [tiny.split], [statistics], tiny.folds, tiny.emotions) as folds:
        of_embeddings = next(folds)
        of_embeddings.split = fold.split
        alone = fit(Candidates("linear_embeddings", [{}], of_embeddings, *how)).network
    for name, tensor in alone.state_dict().items():
        assert torch.equal(tensor, network.baseline.state_dict()[name]), name


def test_test_frames_have_no_effect(tiny, fold, tmp_path):
    """The test speaker's frames become noise in the store, and nothing changes."""
    import h5py
    import numpy as np

    from sernas.features.store import FeatureStore
    from sernas.folds.fold import Fold

    def run(fold):
        settings = TrainingSettings(2)
        return (
            Training(SYSTEM, BASELINE, fold, settings, tiny.optimisation, SpaceSettings(), 1, CPU)
            .train()
            .history
        )

    path = tmp_path / "noise.h5"
    path.write_bytes(Path(tiny.features).read_bytes())
    names = set(fold.split["utterance"][fold.split["role"] == "test"])
    with h5py.File(path, "a") as file:
        for row in fold.stores[0].index[fold.stores[0].index["utterance"].isin(names)].itertuples():
            shape = (row.frames, fold.stores[0].settings.n_bins)
            noise = np.random.default_rng(0).normal(size=shape)
            file["frames"][row.start : row.start + row.frames] = noise
    with FeatureStore(path) as store:
        again = Fold((store,), tiny.split, (tiny.statistics,), tiny.folds, tiny.emotions)
        assert run(again) == run(fold)


def files_with(*texts):
    return {
        path.name
        for folder in ("scripts", "sernas")
        for path in (ROOT / folder).rglob("*.py")
        if any(text in path.read_text() for text in texts)
    }


def test_one_script_alone_asks_for_test_data():
    assert files_with('utterances("test")', 'segments("test")') == {"predictions.py"}
    assert files_with("predict_folds") == {"predictions.py", "evaluate_system.py"}
