"""Frames of recordings that are in no store, as networks see them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from torch import Tensor

from sernas.features.moments import Moments
from sernas.features.store import StoreSettings
from sernas.folds.frames import Frames, Utterance
from sernas.folds.network_input import Input, as_input
from sernas.folds.statistics import Statistics
from sernas.settings.folds import FoldSettings


class Heard:
    """Some recordings of one speaker, as :func:`sernas.evaluation.inference.score` reads
    :class:`~sernas.folds.segments.UtteranceData`.

    Args:
        recordings: of each the frames of each stream, (T, F) or (T, L, D) float16.
        features: of each stream.
        statistics: of the training speakers, of each stream.
        folds: how frames are normalised.
        speaker: moments of all frames that there are of the speaker, of each stream, where they
            are normalised by these.
    """

    def __init__(
        self,
        recordings: Sequence[Sequence[np.ndarray]],
        features: Sequence[StoreSettings],
        statistics: Sequence[Statistics],
        folds: FoldSettings,
        speaker: Sequence[Moments | None],
    ):
        self._sizes = [settings.size for settings in features]
        self._recordings = recordings
        self._frames = [
            Frames(store, store.rows, of_training, folds)
            for store, of_training in zip(
                map(_Store, features, zip(*recordings, strict=True), speaker),
                statistics,
                strict=True,
            )
        ]

    def __len__(self) -> int:
        return len(self._recordings)

    def streams(self, i: int) -> list[Utterance]:
        """Each stream of recording ``i``, of which parts can be read."""
        recording = zip(self._frames, self._recordings[i], self._sizes, strict=True)
        return [
            Utterance(frames, i, (*size, len(own)), frames.device)
            for frames, own, size in recording
        ]

    def features(self, i: int) -> Input:
        """Recording ``i`` -> (C, F, T) float32, normalised; a tuple of several streams."""
        streams: list[Tensor] = [stream[..., :] for stream in self.streams(i)]
        return as_input(streams)


class _Store:
    """One stream, as :class:`~sernas.folds.frames.Frames` reads a store."""

    def __init__(
        self, settings: StoreSettings, recordings: Sequence[np.ndarray], moments: Moments | None
    ):
        self.settings, self._moments = settings, moments
        self._frames = np.concatenate(recordings)
        lengths = pd.Series([len(frames) for frames in recordings])
        starts = lengths.cumsum() - lengths
        self.rows = pd.DataFrame({"start": starts, "frames": lengths, "speaker": "the speaker"})

    def read(self, start: int, frames: int) -> np.ndarray:
        return self._frames[start : start + frames]

    def moments(self, speaker: str) -> Moments | None:
        return self._moments
