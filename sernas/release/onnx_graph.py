"""What is exported of a model: from frames, or from samples, to the probabilities of emotions."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from sernas.folds.network_input import as_input
from sernas.folds.statistics import STD_FLOOR, Statistics
from sernas.models.system import System
from sernas.release.onnx_recurrent import with_operators


class Graph(nn.Module):
    """Frames (1, C, F, T) of each stream, of any length, -> (1, classes) probabilities.

    Those of several networks are averaged. Frames are as stores hold them: not normalised.

    Args:
        networks: each with the statistics of its training speakers, by stream.
        normalise: ``folds.normalise``.
        normalise_speakers: ``folds.normalise_speakers``; the recording itself is all there is of
            its speaker.
        front_end: makes the frames of samples (1, N), which are then the input.
    """

    def __init__(
        self,
        networks: Sequence[tuple[System, Sequence[Statistics]]],
        normalise: str,
        normalise_speakers: str,
        front_end: nn.Module | None = None,
    ):
        super().__init__()
        self.networks = nn.ModuleList(
            with_operators(copy.deepcopy(network)) for network, _ in networks
        )
        self.normalisers = nn.ModuleList(
            nn.ModuleList(Normaliser(each, normalise, normalise_speakers) for each in statistics)
            for _, statistics in networks
        )
        self.front_end = front_end

    def forward(self, *streams: Tensor) -> Tensor:
        if self.front_end is not None:
            streams = (self.front_end(*streams),)
        probabilities = []
        for network, normalisers in zip(self.networks, self.normalisers, strict=True):
            x = [each(stream) for each, stream in zip(normalisers, streams, strict=True)]
            probabilities.append(network(as_input(x)).softmax(1))
        return torch.stack(probabilities).mean(0)


class Normaliser(nn.Module):
    """(1, C, F, T) -> (1, C, F, T), as :func:`~sernas.folds.statistics.speaker_statistics` of the
    recording itself has it."""

    def __init__(self, statistics: Statistics, normalise: str, normalise_speakers: str):
        super().__init__()
        self.by, self.of_all = normalise_speakers, normalise == "global"
        for name in ("mean", "std"):
            value = torch.from_numpy(np.atleast_2d(getattr(statistics, name)))
            self.register_buffer(name, value.unsqueeze(-1))  # (C, F, 1)

    def forward(self, x: Tensor) -> Tensor:
        mean, std = self.mean, self.std
        if self.by != "none":
            mean = x.mean((1, 2, 3) if self.of_all else 3, keepdim=True)
        if self.by == "mean_std":
            variance = (x - mean).square().mean((1, 2, 3) if self.of_all else 3, keepdim=True)
            floor = STD_FLOOR * variance.mean().sqrt()
            std = torch.maximum(variance.sqrt(), torch.where(floor == 0, 1.0, floor))
        return (x - mean) / std
