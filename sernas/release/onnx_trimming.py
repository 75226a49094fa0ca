"""Silence trimmed within a graph."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.audio.trimming import STEP_S

LEAST = 1e-10  # of a mean square, as librosa has it


class Trimming(nn.Module):
    """Samples (1, N) -> (1, M), those that :func:`sernas.audio.trimming.sounding` leaves.

    Args:
        rate: of the samples, in Hz; where a file has another, it is trimmed before resampling, and
            ends may differ by a step of 32 ms.
        trim_db: decibels below the loudest frame that are silence.
    """

    def __init__(self, rate: int, trim_db: float):
        super().__init__()
        self.step, self.share = round(STEP_S * rate), 10 ** (-trim_db / 10)

    def forward(self, *inputs: Tensor) -> Tensor:
        [samples] = inputs  # as every graph takes them
        padded = F.pad(samples[0], (2 * self.step, 2 * self.step))
        steps = padded[: len(padded) // self.step * self.step].unflatten(0, (-1, self.step))
        energies = steps.double().square().sum(1)
        levels = energies.unfold(0, 4, 1).sum(1).div(4 * self.step).clamp(min=LEAST)
        loud = levels > levels.max() * self.share
        number = torch.arange(len(levels))
        first = torch.where(loud, number, len(levels)).min() * self.step
        end = (torch.where(loud, number, -1).max() + 1) * self.step
        at = torch.arange(samples.shape[1])
        return samples[:, (at >= first) & (at < end)]
