"""Segments of one stream whose frames lie together on a device: batches of few launches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from sernas.folds.frames import Frames


class Gathering:
    """Where each frame of each segment is.

    Args:
        frames: that lie together.
        places: utterance, offset and frames of each segment.
        shape: (C, F, T) of a segment.
        repeats: short utterances are repeated in place of padding.
    """

    def __init__(
        self,
        frames: Frames,
        places: Sequence[tuple[int, int, int]],
        shape: tuple[int, int, int],
        repeats: bool,
    ):
        firsts, speakers = frames.rows()
        utterance, offset, n = (each[:, None] for each in np.array(places).T)
        at = np.arange(shape[2])
        if repeats:
            at = np.where(offset == 0, at % np.maximum(n, 1), at)  # no later one's tail
        beyond = at >= n
        rows = np.where(beyond, 0, firsts[utterance] + offset + at)
        self._frames, self._size = frames, shape[:2]
        self._tables = [
            torch.from_numpy(each).to(frames.device)
            for each in (rows.astype(np.int32), beyond, speakers[utterance[:, 0]])
        ]

    def batches(self, order: Tensor, sizes: Sequence[int]) -> Iterator[Tensor]:
        """(B, C, F, T) float32 for each of ``sizes``: normalised, then filled up.

        Args:
            order: (n,) the numbers of all their segments, on the device of the frames.
        """
        parts = (table[order].split(sizes) for table in self._tables)
        for rows, beyond, speakers in zip(*parts, strict=True):
            x = self._frames.gather(rows, speakers).masked_fill_(beyond.unsqueeze(1), 0)
            yield x.unflatten(1, self._size)
