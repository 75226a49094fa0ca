"""The utterances of one role, as rows of a store's index."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sernas.base.errors import FoldError
from sernas.features.store import FeatureStore
from sernas.folds.checks import require_role


def select(
    store: FeatureStore, split: pd.DataFrame, role: str, emotions: Sequence[str]
) -> pd.DataFrame:
    """The store's index rows of a role, in its order, with ``label``, the place in ``emotions``.

    Raises :class:`FoldError` for an unknown role, and if the store lacks an utterance of the split,
    or has it from another speaker or with another emotion.
    """
    require_role(role)
    wanted = split.loc[split["role"] == role, ["utterance", "speaker", "emotion"]]
    rows = store.index.merge(wanted)
    if len(rows) != len(wanted):
        differing = sorted(set(wanted["utterance"]) - set(rows["utterance"]))
        raise FoldError(
            f"{store.path}: expected the split's {len(wanted)} {role} utterances with their "
            f"speakers and emotions, found {len(rows)} (the first missing or different: "
            f"{differing[0]}); make the split again from this store"
        )
    labels = {emotion: label for label, emotion in enumerate(emotions)}
    return rows.assign(label=rows["emotion"].map(labels).astype("int64"))
