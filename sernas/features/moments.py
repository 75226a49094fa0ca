"""Count, mean and spread per value of a frame, merged without loss of precision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import torch

_BLOCK = 64  # frames that are widened to float64 at a time: they stay in the cache


@dataclass(frozen=True)
class Moments:
    """``count`` frames with ``mean`` and sum of squared deviations ``m2``, float64.

    Both have the shape of a frame: (F,), or (L, D) of L layers.
    """

    count: int
    mean: np.ndarray
    m2: np.ndarray

    @classmethod
    def of(cls, frames: np.ndarray) -> Moments:
        """Moments of frames (T, F) or (T, L, D), two passes over each block of them."""
        blocks = (frames[start : start + _BLOCK] for start in range(0, len(frames), _BLOCK))
        return reduce(cls.__add__, map(cls._of_block, blocks))

    @classmethod
    def _of_block(cls, frames: np.ndarray) -> Moments:
        # widened by torch, several times as fast as by numpy
        wide = torch.from_numpy(frames).to(torch.float64, copy=True).numpy()
        mean = wide.mean(axis=0)
        wide -= mean
        return cls(len(wide), mean, np.square(wide, out=wide).sum(axis=0))

    def __add__(self, other: Moments) -> Moments:
        """Moments of both sets of frames (Chan et al. 1983, updating formulae, Eq. 2.1)."""
        count = self.count + other.count
        delta = other.mean - self.mean
        mean = self.mean + delta * (other.count / count)
        m2 = self.m2 + other.m2 + delta**2 * (self.count * other.count / count)
        return Moments(count, mean, m2)


def merge_into(total: dict[str, Moments], speaker: str, moments: Moments) -> None:
    """Add an utterance's moments to those of its speaker."""
    total[speaker] = total[speaker] + moments if speaker in total else moments
