"""What frames are normalised by: statistics of a fold's training speakers, or a speaker's own."""

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
    from sernas.settings.folds import FoldSettings

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


def training_statistics(
    store: FeatureStore, split: pd.DataFrame, normalise: str, normalise_speakers: str = "none"
) -> Statistics:
    """Statistics over all frames of the speakers that train in ``split``, and of no others.

    ``normalise`` "bin" gives each bin (of each layer) its own mean and standard deviation, "global"
    all of them the same (mean and std have a frame's shape in both). The std is at least a
    thousandth of its root mean square over bins. Unless ``normalise_speakers`` is "none" they are
    of what is left when each speaker's own mean is taken away, so that the mean is zero.
    """
    speakers = sorted(set(split["speaker"][split["role"] == "train"]))
    moments = [store.moments(speaker) for speaker in speakers]
    if normalise_speakers == "none":
        mean, variance = _mean_and_variance(reduce(Moments.__add__, moments), normalise)
    else:
        variances = [_mean_and_variance(each, normalise)[1] for each in moments]
        variance = np.average(variances, axis=0, weights=[each.count for each in moments])
        mean = np.zeros_like(variance)
    std = floored_std(variance).astype(np.float32)
    return Statistics(mean.astype(np.float32), std, tuple(speakers))


def speaker_statistics(
    moments: Moments, of_training: Statistics, settings: FoldSettings
) -> tuple[np.ndarray, np.ndarray]:
    """The mean and std, of a frame's shape, by which a speaker's frames are normalised.

    Beyond the paper where ``settings.normalise_speakers`` is not "none". Nothing but frames counts:
    the speaker need not be in a store, and has perhaps a single utterance.

    Args:
        moments: of all frames there are of the speaker: ``store.moments(speaker)``, or
            ``Moments.of`` some recordings' frames (T, F) or (T, L, D).
        of_training: what :func:`training_statistics` gives with the same settings.
    """
    if settings.normalise_speakers == "none":
        return of_training.mean, of_training.std
    mean, variance = _mean_and_variance(moments, settings.normalise)
    if settings.normalise_speakers == "mean":
        return mean.astype(np.float32), of_training.std
    return mean.astype(np.float32), floored_std(variance).astype(np.float32)


def _mean_and_variance(moments: Moments, normalise: str) -> tuple[np.ndarray, np.ndarray]:
    """Of a frame's shape, float64."""
    mean, variance = moments.mean, moments.m2 / moments.count
    if normalise == "global":
        everywhere = mean.mean()
        variance = np.full_like(variance, np.mean(variance + (mean - everywhere) ** 2))
        mean = np.full_like(mean, everywhere)
    return mean, variance


def floored_std(variance: np.ndarray) -> np.ndarray:
    """Its root, but at least a thousandth of the root mean square: what is constant does not blow
    up."""
    floor = STD_FLOOR * np.sqrt(variance.mean()) or 1.0
    return np.maximum(np.sqrt(variance), floor)
