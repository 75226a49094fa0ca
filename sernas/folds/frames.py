"""The frames of a role's utterances, on the device that will see them, normalised when read."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from sernas.features.store import FeatureStore
from sernas.folds.statistics import Statistics, speaker_statistics
from sernas.settings.folds import FoldSettings

ROOM = 0.5  # of a GPU's free memory; the rest is for the network


class Frames:
    """Frames of some utterances of a store: half precision and mapped from disk, until moved.

    A frame is a row of its values: F bins, or the L * D of a speech model's layers.

    Attributes:
        together: (rows, F) all frames on their device, once they have been moved.

    Args:
        rows: of the utterances in the store's index.
        statistics: of the training speakers.
    """

    def __init__(
        self,
        store: FeatureStore,
        rows: pd.DataFrame,
        statistics: Statistics,
        settings: FoldSettings,
    ):
        spans = zip(rows["start"].tolist(), rows["frames"].tolist(), strict=True)
        self._utterances = [torch.from_numpy(store.read(*span)).flatten(1) for span in spans]
        self._speakers = rows["speaker"].tolist()
        self._statistics = {
            speaker: [
                torch.from_numpy(each).flatten()
                for each in speaker_statistics(store.moments(speaker), statistics, settings)
            ]
            for speaker in dict.fromkeys(self._speakers)
        }
        self._values = math.prod(store.settings.frame_shape)
        self.device = torch.device("cpu")
        self.together: Tensor | None = None

    def to(self, device: torch.device) -> None:
        """Move the frames to a GPU if they take at most half of its free memory.

        There a training step waits for no copy. If they do not fit they stay mapped from disk.
        """
        if device.type == "cpu":
            return
        rows = sum(map(len, self._utterances))
        needed, free = 2 * rows * self._values, torch.cuda.mem_get_info(device)[0]
        if needed > ROOM * free:
            logging.info(
                "%.1f GB of frames stay on the host: %.1f GB free", needed / 1e9, free / 1e9
            )
            return
        self.put(device)

    def put(self, device: torch.device) -> None:
        """Let the frames lie in one tensor on a device, from which :meth:`gather` takes them."""
        lengths = [len(frames) for frames in self._utterances]
        self.together = torch.empty(sum(lengths), self._values, dtype=torch.float16, device=device)
        moved = self.together.split(lengths)
        for there, here in zip(moved, self._utterances, strict=True):
            there.copy_(here)
        self._utterances, self.device = list(moved), device
        self._means, self._stds = (
            torch.stack(each).to(device) for each in zip(*self._statistics.values(), strict=True)
        )
        of_speakers = zip(self._means, self._stds, strict=True)
        self._statistics = dict(zip(self._statistics, of_speakers, strict=True))

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each utterance, which frame of all is its first, and which speaker's it is."""
        lengths = np.array([len(frames) for frames in self._utterances])
        number = {speaker: i for i, speaker in enumerate(self._statistics)}
        return lengths.cumsum() - lengths, np.array([number[name] for name in self._speakers])

    def gather(self, rows: Tensor, speakers: Tensor) -> Tensor:
        """Any of the frames that lie together, normalised as :meth:`read` does: (B, F, T) float32.

        Args:
            rows: (B, T) which of all frames.
            speakers: (B,) whose they are; both as :meth:`rows` counts.
        """
        half = self.together.index_select(0, rows.flatten()).unflatten(0, rows.shape)
        x = torch.empty(half.transpose(1, 2).shape, device=self.device)
        torch.sub(half.transpose(1, 2), self._means[speakers].unsqueeze(2), out=x)
        return x.div_(self._stds[speakers].unsqueeze(2))

    def read(self, utterance: int, start: int, frames: int) -> Tensor:
        """Frames ``start`` to ``start + frames`` of an utterance, normalised: (F, T) float32.

        Zero mean and unit variance over the training speakers' frames, or the speaker's own; see
        :func:`~sernas.folds.statistics.speaker_statistics`. F is L * D if these are of a speech
        model.
        """
        half = self._utterances[utterance][start : start + frames]
        mean, std = self._statistics[self._speakers[utterance]]
        return (half - mean).div_(std).T


@dataclass(frozen=True)
class Utterance:
    """One of some frames, of which parts are made when they are asked for.

    ``utterance[..., start:stop]`` is (C, F, stop - start) float32, normalised, as of a tensor.

    Attributes:
        number: among ``frames``.
        shape: (C, F, T).
        device: where parts come to lie.
    """

    frames: Frames
    number: int
    shape: tuple[int, int, int]
    device: torch.device

    def __getitem__(self, part: tuple[object, slice]) -> Tensor:
        start, stop, _ = part[1].indices(self.shape[2])
        x = self.frames.read(self.number, start, stop - start).contiguous()
        return x.unflatten(0, self.shape[:2]).to(self.device)

    def to(self, device: torch.device) -> Utterance:
        """The same with its parts on ``device``."""
        return replace(self, device=device)
