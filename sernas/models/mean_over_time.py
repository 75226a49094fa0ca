"""The mean over the steps of a sequence, and the systems that end in it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sernas.models.chunks import mean_over_pieces
from sernas.models.system import OneStream
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing


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


class Averaged(OneStream):
    """An encoder, the mean over its time steps, and a dense layer."""

    def __init__(self, space: SearchSpace, encoder: nn.Module, n_classes: int):
        super().__init__(space, encoder)
        self.dense = nn.Linear(encoder.features, n_classes)

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """(B, T', D) -> (B, classes)."""
        return self.dense(mean_over_steps(sequences, lengths))

    def classify_pieces(self, pieces: Sequence[Tensor], mixing: Mixing) -> Tensor:
        return self.dense(mean_over_pieces(pieces))
