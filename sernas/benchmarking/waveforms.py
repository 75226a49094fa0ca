"""The rival to storing features: the samples, and a spectrogram of each segment when it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from sernas.features.audio import read_audio
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import FeatureStore
from sernas.folds.rows import select
from sernas.folds.segments import cut
from sernas.folds.statistics import Statistics
from sernas.settings import FoldSettings


class WaveformSegments:
    """What :class:`SegmentData` gives, from a memory map of float32 samples in ``folder``."""

    def __init__(
        self,
        store: FeatureStore,
        split: pd.DataFrame,
        role: str,
        statistics: Statistics,
        settings: FoldSettings,
        emotions: Sequence[str],
        paths: Mapping[str, Path],
        folder: Path,
    ):
        self._spectrogram = Spectrogram(store.settings)
        self._mean, self._std = torch.from_numpy(statistics.mean), torch.from_numpy(statistics.std)
        self._length = store.settings.frames(settings.segment_s)
        self._margin = -(-store.settings.window // 2 // store.settings.hop)  # frames
        rows = select(store, split, role, emotions)
        pad = self._margin * store.settings.hop  # silence that the outer frames look into
        parts, spans, start = [], [], 0
        for row in rows.itertuples():
            y = np.pad(read_audio(paths[row.utterance], store.settings.sample_rate), pad)
            for offset, frames in cut(row.frames, self._length, self._length):
                spans.append((start + offset * store.settings.hop, frames, row.label))
            parts.append(y)
            start += len(y)
        np.concatenate(parts).tofile(folder / "samples.f32")
        self._samples = np.memmap(folder / "samples.f32", np.float32, "r")
        self._spans = spans

    def __len__(self) -> int:
        return len(self._spans)

    def batch(self, indices: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Segments by number -> x (B, 1, F, T) float32, normalised, and y (B,) int64."""
        settings = self._spectrogram.settings
        x = torch.zeros(len(indices), 1, settings.n_bins, self._length)
        for segment, i in zip(x, indices, strict=True):
            start, frames, _ = self._spans[i]
            stop = start + (frames - 1 + 2 * self._margin) * settings.hop
            wide = self._spectrogram(np.array(self._samples[start:stop]))
            inner = torch.from_numpy(wide[self._margin : self._margin + frames])
            segment[0, :, :frames] = inner.sub_(self._mean).div_(self._std).T
        return x, torch.tensor([self._spans[i][2] for i in indices])
