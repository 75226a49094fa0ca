"""The mean over the steps of a sequence, their deviation, and the systems that end in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sernas.models.chunks import mean_over_pieces
from sernas.models.system import OneStream
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing

LEAST_VARIANCE = 1e-5  # the root's slope at zero has no end


def mean_over_steps(sequences: Tensor, lengths: Tensor | None) -> Tensor:
    """(B, T', D) -> (B, D): the mean of each sequence's own steps, whatever follows them.

    Args:
        lengths: (B,) int64 on the CPU, the steps of each; None: all are whole.
    """
    if lengths is None:
        return sequences.mean(1)
    beyond = torch.arange(sequences.shape[1]) >= lengths[:, None]  # (B, T')
    total = sequences.masked_fill(beyond[:, :, None].to(sequences.device), 0).sum(1)
    return total / lengths[:, None].to(total)


@dataclass(frozen=True)
class OverTime:
    """From the steps of a sequence to a vector: their mean, and, beyond the papers, their deviation
    behind it, which is statistics pooling (Snyder et al. 2018, "X-vectors", section 2.1)."""

    deviation: bool = False

    def size(self, features: int) -> int:
        """Values of the vector, of steps of ``features`` values."""
        return features * (1 + self.deviation)

    def __call__(self, sequences: Tensor, lengths: Tensor | None = None) -> Tensor:
        """(B, T', D) -> (B, D) or (B, 2 D); ``lengths`` as in :func:`mean_over_steps`."""
        mean = mean_over_steps(sequences, lengths)
        if not self.deviation:
            return mean
        return _beside(mean, mean_over_steps((sequences - mean[:, None]).square(), lengths))

    def of_pieces(self, pieces: Sequence[Tensor]) -> Tensor:
        """(1, n, D) of each piece -> (1, D) or (1, 2 D); the deviation asks for them once more."""
        mean = mean_over_pieces(pieces)
        if not self.deviation:
            return mean
        return _beside(mean, mean_over_pieces((piece - mean[:, None]).square() for piece in pieces))


def _beside(mean: Tensor, variance: Tensor) -> Tensor:
    return torch.cat([mean, (variance + LEAST_VARIANCE).sqrt()], 1)


class Averaged(OneStream):
    """An encoder, the mean over its time steps, or what ``over_time`` has, and a dense layer.

    Args:
        dense: (B, ``over_time.size(encoder.features)``) to (B, classes) scores.
    """

    def __init__(
        self,
        space: SearchSpace,
        encoder: nn.Module,
        dense: nn.Module,
        over_time: OverTime = OverTime(),  # noqa: B008  frozen
    ):
        super().__init__(space, encoder)
        self.over_time = over_time
        self.dense = dense

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """(B, T', D) -> (B, classes)."""
        return self.dense(self.over_time(sequences, lengths))

    def classify_pieces(self, pieces: Sequence[Tensor], mixing: Mixing) -> Tensor:
        return self.dense(self.over_time.of_pieces(pieces))
