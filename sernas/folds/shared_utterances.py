"""The utterances that several stores of one corpus have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sernas.base.errors import FoldError
from sernas.features.store import TEXT, FeatureStore

TOLERANCE = 1e-3  # s; audio may have been resampled to another rate


def shared_utterances(stores: Sequence[FeatureStore]) -> pd.DataFrame:
    """The rows of the first store's index whose utterances all of the ``stores`` hold.

    Each store may lack what could not be used for it.

    Raises:
        FoldError: they have none in common, or an utterance is labelled differently in one of
            them, or lasts longer: then they are not of the same recordings.
    """
    first, *others = stores
    shared = first.index
    for other in others:
        both = shared.merge(other.index, on="utterance", suffixes=("", "_there"))
        if both.empty:
            raise FoldError(
                f"{other.path}: expected utterances of {first.path}, found none of them; extract "
                "both from the same corpus"
            )
        alike = np.isclose(both["seconds"], both["seconds_there"], rtol=0, atol=TOLERANCE)
        for column in TEXT[1:]:
            alike &= both[column] == both[f"{column}_there"]
        if not alike.all():
            raise FoldError(
                f"{other.path}: expected the labels and lengths of {first.path}, found others (the "
                f"first: {both['utterance'][~alike].iloc[0]}); delete both and run again"
            )
        shared = both[first.index.columns]
    return shared
