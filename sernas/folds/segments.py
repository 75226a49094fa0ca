"""What a network sees of a role: segments of a fixed length to train, whole utterances to test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from sernas.features.store import FeatureStore
from sernas.folds.cut import Cut
from sernas.folds.frames import Frames, Utterance
from sernas.folds.gathering import Gathering
from sernas.folds.network_input import Input, as_input, sent
from sernas.folds.role_rows import select
from sernas.folds.statistics import Statistics
from sernas.settings.folds import FoldSettings


def batches(n: int, batch_size: int, generator: torch.Generator) -> Iterator[np.ndarray]:
    """Each of ``n`` indices once, in random order; the last batch may be smaller."""
    for part in torch.randperm(n, generator=generator).split(batch_size):
        yield part.numpy()


class _Stream(NamedTuple):
    """Segments of one stream; ``repeats``: short utterances are repeated in place of padding."""

    frames: Frames
    shape: tuple[int, int, int]  # (C, F, T) of a segment
    places: Sequence[tuple[int, int, int]]  # utterance, offset and frames of each
    repeats: bool

    def batch(self, indices: Sequence[int], device: torch.device) -> Tensor:
        """(B, C, F, T): normalised, then filled up. ``device`` is where it will go."""
        channels, bins, length = self.shape
        here = self.frames.device
        pinned = device.type != here.type  # so that copies do not stop the device
        x = torch.zeros((len(indices), channels * bins, length), device=here, pin_memory=pinned)
        for segment, i in zip(x, indices, strict=True):  # one at a time stays in the cache
            frames = self.frames.read(*self.places[i])
            n = frames.shape[1]
            segment[:, :n] = frames
            if self.repeats and 0 < n < length and not self.places[i][1]:  # no later one's tail
                for start in range(n, length, n):
                    segment[:, start : start + n] = frames[:, : length - start]
        return x.unflatten(1, (channels, bins))

    def gathering(self) -> Gathering:
        """What makes the same where the frames lie together."""
        return Gathering(self.frames, self.places, self.shape, self.repeats)


class SegmentData:
    """Segments of one role's utterances, read from the stores batch by batch.

    ``labels`` (n,) int64 and ``utterances`` (n names) run over the segments. Every stream of a
    segment is of the same seconds of the same utterance; see :class:`Cut`.

    Args:
        stores: of each stream.
        statistics: of each stream.
    """

    def __init__(
        self,
        stores: Sequence[FeatureStore],
        split: pd.DataFrame,
        role: str,
        statistics: Sequence[Statistics],
        settings: FoldSettings,
        emotions: Sequence[str],
    ):
        cut = Cut([store.settings for store in stores], settings)
        rows = _rows(stores, split, role, emotions)
        lengths = list(zip(*(of_store["frames"].tolist() for of_store in rows), strict=True))
        segments = [
            (number, spans) for number, frames in enumerate(lengths) for spans in cut(frames)
        ]
        of_utterance = [number for number, _ in segments]
        self._cut, self._lengths, self._of_utterance = cut, lengths, of_utterance
        self._streams = [
            _Stream(
                Frames(store, of_store, of_training, settings),
                (*store.settings.size, length),
                [(number, *spans[stream]) for number, spans in segments],
                settings.short == "repeat",
            )
            for stream, (store, of_store, of_training, length) in enumerate(
                zip(stores, rows, statistics, cut.lengths, strict=True)
            )
        ]
        self.labels = torch.tensor(rows[0]["label"].to_numpy()[of_utterance])
        self.utterances = rows[0]["utterance"].iloc[of_utterance].tolist()
        self._labels, self._goes_to = self.labels, self.device
        self._gatherings: list[Gathering] = []  # of the streams, once they are needed

    def __len__(self) -> int:
        return len(self.utterances)

    def to(self, device: torch.device) -> SegmentData:
        """Batches will be made on ``device`` if the frames fit there; see :class:`Frames`."""
        for stream in self._streams:
            stream.frames.to(device)
        self._labels, self._goes_to = self.labels.to(self.device), device
        self._gatherings = []
        return self

    @property
    def device(self) -> torch.device:
        """Where batches are made; the CPU if only some of their streams are elsewhere."""
        devices = {stream.frames.device for stream in self._streams}
        return devices.pop() if len(devices) == 1 else torch.device("cpu")

    def crop(self, rng: np.random.Generator) -> None:
        """Let segments begin elsewhere, each whole and within its utterance if that is as long.

        The places for the k segments of an utterance are cut into k equal parts, and each begins
        at one of its own part, drawn uniformly.
        """
        of = np.array(self._of_utterance)
        k = np.bincount(of)
        number = np.arange(len(of)) - (np.cumsum(k) - k)[of]
        frames = np.array([lengths[0] for lengths in self._lengths])
        places = np.maximum(frames - self._cut.lengths[0] + 1, 1)[of]
        low, high = (i * places // k[of] for i in (number, number + 1))
        starts = rng.integers(low, np.maximum(high, low + 1)).tolist()
        segments = [
            self._cut.at(start, self._lengths[n]) for start, n in zip(starts, of, strict=True)
        ]
        spans = zip(*segments, strict=True)
        self._streams = [
            stream._replace(places=[(n, *span) for n, span in zip(of, of_stream, strict=True)])
            for stream, of_stream in zip(self._streams, spans, strict=True)
        ]
        self._gatherings = []

    def batch(self, indices: Sequence[int]) -> tuple[Input, Tensor]:
        """Segments by number -> x (B, C, F, T) float32 and y (B,) int64.

        x is normalised, then filled up to the length of a segment, with zeros or as ``folds.short``
        says; C is 1, or a speech model's layers. Of several streams it is a tuple. Nothing here
        waits for the device.
        """
        x = as_input([stream.batch(indices, self._goes_to) for stream in self._streams])
        return x, self._labels[sent(torch.tensor(indices), self._labels.device)]

    def in_turn(self, order: Sequence[np.ndarray]) -> Iterator[tuple[Input, Tensor]]:
        """:meth:`batch` of each; in few launches if all streams' frames lie together, as then the
        device learns of the whole order at once."""
        if any(stream.frames.together is None for stream in self._streams) or not order:
            return map(self.batch, order)
        self._gatherings = self._gatherings or [stream.gathering() for stream in self._streams]
        every, sizes = np.concatenate(order), [len(batch) for batch in order]
        every = sent(torch.from_numpy(every), self.device)
        streams = (gathering.batches(every, sizes) for gathering in self._gatherings)
        x = map(as_input, zip(*streams, strict=True))
        return zip(x, self._labels[every].split(sizes), strict=True)


class UtteranceData:
    """Whole utterances of one role; ``labels`` (n,) int64 and ``table`` run in the same order.

    ``table`` has columns ``utterance,speaker,emotion,seconds``.

    Args:
        stores: of each stream.
        statistics: of each stream.
    """

    def __init__(
        self,
        stores: Sequence[FeatureStore],
        split: pd.DataFrame,
        role: str,
        statistics: Sequence[Statistics],
        settings: FoldSettings,
        emotions: Sequence[str],
    ):
        rows = _rows(stores, split, role, emotions)
        self._lengths = [of_store["frames"].tolist() for of_store in rows]
        self._sizes = [store.settings.size for store in stores]
        self._frames = [
            Frames(store, of_store, of_training, settings)
            for store, of_store, of_training in zip(stores, rows, statistics, strict=True)
        ]
        self.labels = torch.tensor(rows[0]["label"].tolist())
        self.table = rows[0][["utterance", "speaker", "emotion", "seconds"]]

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> UtteranceData:
        """Spectrograms will be made on ``device`` if the frames fit there; see :class:`Frames`."""
        for frames in self._frames:
            frames.to(device)
        return self

    def streams(self, i: int) -> list[Utterance]:
        """Each stream of utterance ``i``, of which parts can be read."""
        streams = zip(self._frames, self._lengths, self._sizes, strict=True)
        return [
            Utterance(frames, i, (*size, lengths[i]), frames.device)
            for frames, lengths, size in streams
        ]

    def features(self, i: int) -> Input:
        """Utterance ``i`` -> (C, F, T) float32, normalised; a tuple of several streams."""
        return as_input([stream[..., :] for stream in self.streams(i)])


def _rows(
    stores: Sequence[FeatureStore], split: pd.DataFrame, role: str, emotions: Sequence[str]
) -> list[pd.DataFrame]:
    """The index rows of a role in each store, all in the order of the first store."""
    first, *others = (select(store, split, role, emotions) for store in stores)
    return [first, *(first[["utterance"]].merge(rows) for rows in others)]
