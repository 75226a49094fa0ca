"""The tiny run's recordings with a speech model's hidden states beside the spectrograms."""

import pytest
import torch


@pytest.fixture(scope="session")
def tiny_embeddings(tiny):
    """(store, statistics of fold 1): what the demo's speech model makes of the tiny corpus."""
    from sernas.features.embeddings import extract_embeddings
    from sernas.features.store import FeatureStore
    from sernas.features.tiny_speech_model import make_tiny_speech_model
    from sernas.folds.split import read_split
    from sernas.folds.statistics import training_statistics
    from sernas.settings.features import SpeechModelSettings

    store, statistics = tiny.folder / "embeddings.h5", tiny.folder / "fold1_embeddings.npz"
    make_tiny_speech_model(tiny.folder / "model")
    extract_embeddings(
        tiny.manifest,
        tiny.corpus,
        store,
        SpeechModelSettings(str(tiny.folder / "model"), 20),
        "fail",
        torch.device("cpu"),
        tiny.folder / "partial",
        progress=False,
    )
    with FeatureStore(store) as opened:
        split = read_split(tiny.split, tiny.emotions)
        training_statistics(opened, split, tiny.folds.normalise).save(statistics)
    return store, statistics


@pytest.fixture
def two_stream_fold(tiny, tiny_embeddings):
    """Fold 1 of the tiny run, with both streams."""
    from sernas.folds.fold import open_folds

    store, statistics = tiny_embeddings
    with open_folds(
        [tiny.features, store],
        [tiny.split],
        [tiny.statistics, statistics],
        tiny.folds,
        tiny.emotions,
    ) as folds:
        yield next(folds)
