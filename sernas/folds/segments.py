"""What a network sees of a role: segments of a fixed length to train, whole utterances to test."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch

from sernas.errors import FoldError
from sernas.features.store import FeatureStore
from sernas.folds.frames import Frames
from sernas.folds.rows import select
from sernas.folds.statistics import Statistics
from sernas.settings import FoldSettings


def cut(frames: int, length: int, hop: int) -> list[tuple[int, int]]:
    """(offset, frames) of the segments of an utterance; only the last may be shorter.

    They start at 0, hop, 2 * hop ... until one reaches the utterance's end.
    """
    starts = range(0, max(frames - length + hop, 1), hop)
    return [(start, min(length, frames - start)) for start in starts]


def batches(n: int, batch_size: int, generator: torch.Generator) -> Iterator[np.ndarray]:
    """Each of ``n`` indices once, in random order; the last batch may be smaller."""
    for part in torch.randperm(n, generator=generator).split(batch_size):
        yield part.numpy()


class SegmentData:
    """Segments of one role's utterances, read from the store batch by batch.

    ``labels`` (n,) int64 and ``utterances`` (n names) run over the segments.
    """

    def __init__(
        self,
        store: FeatureStore,
        split: pd.DataFrame,
        role: str,
        statistics: Statistics,
        settings: FoldSettings,
        emotions: Sequence[str],
    ):
        self._length = store.settings.frames(settings.segment_s)
        self._spectrum = store.settings.channels, store.settings.n_bins
        hop = self._length - store.settings.frames(settings.overlap_s)
        if hop < 1:
            raise FoldError(
                f"folds: expected segments that advance by a frame of {store.settings.hop_ms:g} ms "
                f"or more, found folds.segment_s {settings.segment_s} with folds.overlap_s "
                f"{settings.overlap_s}; make the segments longer or their overlap shorter"
            )
        rows = select(store, split, role, emotions)
        self._frames = Frames(store, spans(rows), statistics)
        segments = [
            (number, *span, row.label, row.utterance)
            for number, row in enumerate(rows.itertuples())
            for span in cut(row.frames, self._length, hop)
        ]
        self._places = [segment[:3] for segment in segments]
        self.labels = torch.tensor([segment[3] for segment in segments])
        self.utterances = [segment[4] for segment in segments]
        self._labels, self._pinned = self.labels.unbind(), False

    def __len__(self) -> int:
        return len(self._places)

    def to(self, device: torch.device) -> SegmentData:
        """Batches will be made on ``device`` if the frames fit there; see :class:`Frames`."""
        self._frames.to(device)
        self._labels = self.labels.to(self.device).unbind()
        self._pinned = device.type != self.device.type  # so that copies do not stop the device
        return self

    @property
    def device(self) -> torch.device:
        """Where batches are made."""
        return self._frames.device

    def batch(self, indices: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Segments by number -> x (B, C, F, T) float32 and y (B,) int64.

        x is normalised, then padded with zeros to the length of a segment; C is 1, or a speech
        model's layers. Nothing here waits for the device.
        """
        shape = (len(indices), math.prod(self._spectrum), self._length)
        x = torch.zeros(shape, device=self.device, pin_memory=self._pinned)
        for segment, i in zip(x, indices, strict=True):  # one at a time stays in the cache
            segment[:, : self._places[i][2]] = self._frames.read(*self._places[i])
        x = x.unflatten(1, self._spectrum)
        return x, torch.stack([self._labels[i] for i in indices])


class UtteranceData:
    """Whole utterances of one role; ``labels`` (n,) int64 and ``table`` run in the same order.

    ``table`` has columns ``utterance,speaker,emotion``.
    """

    def __init__(
        self,
        store: FeatureStore,
        split: pd.DataFrame,
        role: str,
        statistics: Statistics,
        emotions: Sequence[str],
    ):
        rows = select(store, split, role, emotions)
        self._lengths = rows["frames"].tolist()
        self._spectrum = store.settings.channels, store.settings.n_bins
        self._frames = Frames(store, spans(rows), statistics)
        self.labels = torch.tensor(rows["label"].tolist())
        self.table = rows[["utterance", "speaker", "emotion"]]

    def __len__(self) -> int:
        return len(self._lengths)

    def to(self, device: torch.device) -> UtteranceData:
        """Spectrograms will be made on ``device`` if the frames fit there; see :class:`Frames`."""
        self._frames.to(device)
        return self

    def features(self, i: int) -> torch.Tensor:
        """Utterance ``i`` -> (C, F, T) float32, normalised."""
        values = self._frames.read(i, 0, self._lengths[i]).contiguous()
        return values.unflatten(0, self._spectrum)


def spans(rows: pd.DataFrame) -> list[tuple[int, int]]:
    """(first row, rows) of each utterance in the store."""
    return list(zip(rows["start"].tolist(), rows["frames"].tolist(), strict=True))
