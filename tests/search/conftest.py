"""The tiny run's recordings with a speech model's hidden states beside the spectrograms."""

import pytest
import torch
from shared import once


@pytest.fixture(scope="session")
def tiny_embeddings(tiny, tmp_path_factory):
    """(store, statistics of fold 1): what the demo's speech model makes of the tiny corpus."""
    from sernas.features.embeddings import extract_embeddings
    from sernas.features.store import FeatureStore
    from sernas.features.tiny_speech_model import make_tiny_speech_model
    from sernas.folds.split import read_split
    from sernas.folds.statistics import training_statistics
    from sernas.settings.features import SpeechModelSettings

    def make(folder):
        store = folder / "embeddings.h5"
        make_tiny_speech_model(folder / "model")
        extract_embeddings(
            tiny.manifest,
            tiny.corpus,
            store,
            SpeechModelSettings(str(folder / "model"), 20),
            "fail",
            torch.device("cpu"),
            folder / "partial",
            progress=False,
        )
        with FeatureStore(store) as opened:
            split = read_split(tiny.split, tiny.emotions)
            statistics = training_statistics(opened, split, tiny.folds.normalise)
            statistics.save(folder / "fold1.npz")

    folder = once(tmp_path_factory, "tiny_embeddings", make)
    return folder / "embeddings.h5", folder / "fold1.npz"


@pytest.fixture
def two_stream_fold(tiny, tiny_embeddings):
    """Fold 1 of the tiny run, with both streams; to save time, every third utterance of it."""
    from sernas.folds.fold import open_folds

    store, statistics = tiny_embeddings
    with open_folds(
        [tiny.features, store],
        [tiny.split],
        [tiny.statistics, statistics],
        tiny.folds,
        tiny.emotions,
    ) as folds:
        fold = next(folds)
        fold.split = fold.split[::3]
        yield fold
