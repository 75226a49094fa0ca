"""The frames of a role's utterances, on the device that will see them, normalised when read."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace

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

    def to(self, device: torch.device) -> None:
        """Move the frames to a GPU if they take at most half of its free memory.

        There a training step waits for no copy. If they do not fit they stay mapped from disk.
        """
        if device.type == "cpu":
            return
        rows = [len(frames) for frames in self._utterances]
        needed, free = 2 * sum(rows) * self._values, torch.cuda.mem_get_info(device)[0]
        if needed > ROOM * free:
            logging.info(
                "%.1f GB of frames stay on the host: %.1f GB free", needed / 1e9, free / 1e9
            )
            return
        moved = torch.empty(sum(rows), self._values, dtype=torch.float16, device=device).split(rows)
        for there, here in zip(moved, self._utterances, strict=True):
            there.copy_(here)
        self._utterances, self.device = list(moved), device
        self._statistics = {
            speaker: [each.to(device) for each in own] for speaker, own in self._statistics.items()
        }

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
