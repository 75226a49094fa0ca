"""A small demo corpus with its features, for what needs real files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pandas as pd

from sernas.corpora.demo import make_demo_corpus
from sernas.corpora.registry import read_corpus
from sernas.features.extract import extract
from sernas.features.store import FeatureStore
from sernas.folds.split import make_folds
from sernas.settings.corpus import CorpusSettings, DemoSettings
from sernas.settings.features import FeatureSettings
from sernas.settings.folds import FoldSettings

EMOTIONS = ("neutral", "angry", "happy", "sad")
FOLDS = FoldSettings("session", 5, "F", 1, segment_s=2.0, overlap_s=0.0, normalise="bin", seed=1)


class DemoData(NamedTuple):
    """What there is while it lasts: a folder to write to, where the audio is, its manifest, the
    features, and the split of fold 1."""

    folder: Path
    root: Path
    manifest: pd.DataFrame
    store: FeatureStore
    split: pd.DataFrame


@contextmanager
def demo_data(demo: DemoSettings, features: FeatureSettings) -> Iterator[DemoData]:
    """Make it, and remove it in the end."""
    with TemporaryDirectory() as name:
        folder, root = Path(name), Path(name, "corpus")
        make_demo_corpus(root, demo)
        manifest = read_corpus(CorpusSettings("demo", str(root), EMOTIONS)).utterances
        extract(manifest, root, folder / "features.h5", features, "fail", progress=False)
        with FeatureStore(folder / "features.h5") as store:
            split = make_folds(store.index, FOLDS, EMOTIONS)[1]
            yield DemoData(folder, root, manifest, store, split)
