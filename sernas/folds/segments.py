"""What a network sees of a role: segments of a fixed length to train, whole utterances to test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import torch

from sernas.errors import FoldError
from sernas.features.store import FeatureStore
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
        self._store, self._statistics = store, statistics
        self._length = store.settings.frames(settings.segment_s)
        hop = self._length - store.settings.frames(settings.overlap_s)
        if hop < 1:
            raise FoldError(
                f"folds: expected segments that advance by a frame of {store.settings.hop_ms:g} ms "
                f"or more, found folds.segment_s {settings.segment_s} with folds.overlap_s "
                f"{settings.overlap_s}; make the segments longer or their overlap shorter"
            )
        rows = select(store, split, role, emotions)
        segments = [
            (row.start + offset, frames, row.label, row.utterance)
            for row in rows.itertuples()
            for offset, frames in cut(row.frames, self._length, hop)
        ]
        self._spans = [segment[:2] for segment in segments]
        self.labels = torch.tensor([segment[2] for segment in segments])
        self.utterances = [segment[3] for segment in segments]

    def __len__(self) -> int:
        return len(self._spans)

    def batch(self, indices: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Segments by number -> x (B, 1, F, T) float32 and y (B,) int64.

        x is normalised, then padded with zeros to the length of a segment.
        """
        x = torch.zeros(len(indices), 1, self._store.settings.n_bins, self._length)
        for segment, i in zip(x, indices, strict=True):  # one at a time stays in the cache
            span = self._spans[i]
            segment[0, :, : span[1]] = _normalised(self._store, self._statistics, span)
        return x, self.labels[indices]


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
        self._store, self._statistics = store, statistics
        rows = select(store, split, role, emotions)
        self._spans = list(zip(rows["start"], rows["frames"], strict=True))
        self.labels = torch.tensor(rows["label"].tolist())
        self.table = rows[["utterance", "speaker", "emotion"]]

    def __len__(self) -> int:
        return len(self._spans)

    def features(self, i: int) -> torch.Tensor:
        """Utterance ``i`` -> (1, F, T) float32, normalised."""
        frames = _normalised(self._store, self._statistics, self._spans[i])
        return frames.contiguous().unsqueeze(0)


def _normalised(store: FeatureStore, statistics: Statistics, span: tuple[int, int]) -> torch.Tensor:
    """Rows ``(start, frames)`` of the store -> (F, T) float32."""
    frames = torch.from_numpy(store.read(*span).astype(np.float32))
    return statistics.normalise(frames).T
