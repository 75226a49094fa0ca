"""The rival to storing features: the samples, and a spectrogram of each segment when it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from sernas.audio.reading import read_audio
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import FeatureStore
from sernas.folds.segments import SegmentData
from sernas.folds.statistics import Statistics
from sernas.settings.features import FeatureSettings


class WaveformFrames:
    """What :class:`Frames` reads, from a memory map of float32 samples in ``folder``."""

    device = torch.device("cpu")

    def __init__(
        self, paths: Sequence[Path], settings: FeatureSettings, statistics: Statistics, folder: Path
    ):
        self._spectrogram = Spectrogram(settings)
        self._mean, self._std = torch.from_numpy(statistics.mean), torch.from_numpy(statistics.std)
        self._margin = -(-settings.window_length // 2 // settings.hop)  # frames
        pad = self._margin * settings.hop  # silence that the outer frames look into
        parts = [np.pad(read_audio(path, settings.sample_rate), pad) for path in paths]
        self._starts = np.cumsum([0, *map(len, parts)])
        np.concatenate(parts).tofile(folder / "samples.f32")
        self._samples = np.memmap(folder / "samples.f32", np.float32, "r")

    def read(self, utterance: int, start: int, frames: int) -> torch.Tensor:
        """Frames ``start`` to ``start + frames`` of an utterance, normalised: (F, T) float32."""
        hop = self._spectrogram.settings.hop
        first = self._starts[utterance] + start * hop
        samples = self._samples[first : first + (frames - 1 + 2 * self._margin) * hop]
        wide = torch.from_numpy(self._spectrogram(np.array(samples)))
        return wide[self._margin : self._margin + frames].sub_(self._mean).div_(self._std).T


class WaveformSegments(SegmentData):
    """The same segments, cut from the recordings at ``paths``, which are by utterance."""

    def __init__(
        self,
        paths: Mapping[str, Path],
        folder: Path,
        stores: Sequence[FeatureStore],
        split: pd.DataFrame,
        role: str,
        statistics: Sequence[Statistics],
        *arguments,
    ):
        super().__init__(stores, split, role, statistics, *arguments)
        of_role = [paths[name] for name in dict.fromkeys(self.utterances)]  # as the store has them
        frames = WaveformFrames(of_role, stores[0].settings, statistics[0], folder)
        self._streams = [self._streams[0]._replace(frames=frames)]
