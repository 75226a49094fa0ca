from types import SimpleNamespace

import pytest

from sernas.settings import (
    CorpusSettings,
    DemoSettings,
    FeatureSettings,
    FoldSettings,
    OptimisationSettings,
)

EMOTIONS = ("neutral", "angry", "happy", "sad")


@pytest.fixture(autouse=True)
def _one_thread():
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The data of a tiny run: a demo corpus, its store, fold 1's files, and the settings."""
    from sernas.corpora.demo import make_demo_corpus
    from sernas.corpora.registry import read_corpus
    from sernas.features.extract import extract
    from sernas.features.store import FeatureStore
    from sernas.folds.split import make_folds, write_split
    from sernas.folds.statistics import training_statistics

    folder = tmp_path_factory.mktemp("tiny")
    root, features = folder / "corpus", folder / "features.h5"
    make_demo_corpus(
        root, DemoSettings(utterances_per_emotion=3, seconds=(0.5, 1.4), difficulty=0.5, seed=1)
    )
    corpus = read_corpus(CorpusSettings("demo", str(root), EMOTIONS))
    extract(
        corpus.utterances,
        root,
        features,
        FeatureSettings(16000, 40, 20, 1024, 0, 8000, 32, "log", 1e-4),
        "fail",
        progress=False,
    )
    folds = FoldSettings("session", 5, "F", 1, 1.0, 0.0, "bin", 1)
    with FeatureStore(features) as store:
        split = make_folds(store.index, folds, EMOTIONS)[1]
        write_split(split, folder / "fold1.csv")
        training_statistics(store, split, "bin").save(folder / "fold1.npz")
    return SimpleNamespace(
        folder=folder,
        corpus=root,
        features=features,
        split=folder / "fold1.csv",
        statistics=folder / "fold1.npz",
        folds=folds,
        emotions=EMOTIONS,
        optimisation=OptimisationSettings(
            batch_size=8,
            learning_rates=(0.001, 0.0005),
            hold_epochs=3,
            schedule="loss",
            loss_factor=0.1,
            step_epochs=5,
        ),
    )


@pytest.fixture
def fold(tiny):
    """Fold 1 of the tiny run, opened."""
    from sernas.features.store import FeatureStore
    from sernas.folds.fold import Fold

    with FeatureStore(tiny.features) as store:
        yield Fold(store, tiny.split, tiny.statistics, tiny.folds, tiny.emotions)
