"""Normalisation statistics of a fold, from its training speakers alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sernas.base.errors import FoldError
from sernas.base.files import atomic
from sernas.base.reading import reading
from sernas.features.moments import Moments

if TYPE_CHECKING:
    import pandas as pd

    from sernas.features.store import FeatureStore

STD_FLOOR = 1e-3  # of the root mean square std over bins: a constant bin must not blow up


@dataclass(frozen=True)
class Statistics:
    """``mean`` and ``std`` of a frame, (F,) or (L, D) float32, and the ``speakers`` behind them."""

    mean: np.ndarray
    std: np.ndarray
    speakers: tuple[str, ...]

    def save(self, path: str | Path) -> None:
        """Write as ``.npz``, whole or not at all."""
        with atomic(path) as temporary:
            np.savez(temporary, **asdict(self))

    @classmethod
    def load(cls, path: str | Path) -> Statistics:
        """Read what :meth:`save` wrote; :class:`FoldError` if the file is not that."""
        with reading(path, "the statistics of a fold", FoldError), np.load(path) as arrays:
            mean, std = (arrays[name].astype(np.float32) for name in ("mean", "std"))
            return cls(mean, std, tuple(map(str, arrays["speakers"].tolist())))

    def agree_with(self, other: Statistics) -> bool:
        """Whether both are of the same frames, but for what rounding may differ by."""
        return self.speakers == other.speakers and all(
            here.shape == there.shape and np.allclose(here, there, rtol=1e-4, atol=1e-5)
            for here, there in ((self.mean, other.mean), (self.std, other.std))
        )


def training_statistics(store: FeatureStore, split: pd.DataFrame, normalise: str) -> Statistics:
    """Statistics over all frames of the speakers that train in ``split``, and of no others.

    ``normalise`` "bin" gives each bin (of each layer) its own mean and standard deviation, "global"
    all of them the same (mean and std have a frame's shape in both). The std is at least a
    thousandth of its root mean square over bins.
    """
    speakers = sorted(set(split["speaker"][split["role"] == "train"]))
    total = reduce(Moments.__add__, map(store.moments, speakers))
    mean, variance = total.mean, total.m2 / total.count
    if normalise == "global":
        everywhere = mean.mean()
        variance = np.full_like(variance, np.mean(variance + (mean - everywhere) ** 2))
        mean = np.full_like(mean, everywhere)
    floor = STD_FLOOR * np.sqrt(variance.mean()) or 1.0
    std = np.maximum(np.sqrt(variance), floor)
    return Statistics(mean.astype(np.float32), std.astype(np.float32), tuple(speakers))
