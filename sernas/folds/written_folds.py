"""The files of all folds: who has which role, and the statistics of the training speakers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from sernas.base.files import read_csv
from sernas.corpora.left_out import faulty
from sernas.features.store import FeatureStore
from sernas.folds.shared_utterances import shared_utterances
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import training_statistics
from sernas.settings.folds import FoldSettings


def write_folds(
    stores: Sequence[str | Path],
    excluded: Sequence[str | Path],
    settings: FoldSettings,
    emotions: Sequence[str],
    splits: Sequence[str | Path],
    statistics: Sequence[str | Path],
) -> None:
    """Split the utterances that all stores have.

    Args:
        stores: of each stream.
        excluded: files with what was left out on the way to them.
        splits: a file a fold.
        statistics: of each fold a file a store.

    Raises:
        FoldError: the corpus does not fit the scheme, or the stores are not of the same recordings.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(FeatureStore(path)) for path in stores]
        missed = faulty(pd.concat(map(read_csv, excluded)))
        folds = make_folds(shared_utterances(opened), settings, tuple(emotions), missed)
        of_folds = zip(*[iter(statistics)] * len(opened), strict=True)
        for split, path, of_fold in zip(folds.values(), splits, of_folds, strict=True):
            write_split(split, path)
            for store, file in zip(opened, of_fold, strict=True):
                training_statistics(
                    store, split, settings.normalise, settings.normalise_speakers
                ).save(file)
