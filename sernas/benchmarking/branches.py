"""The CNN with one convolution a candidate: DARTS's mixed operation to the letter.

What searches would cost without merged kernels, and the oracle that these are tested against.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sernas.models.cnn import CNN, FIRST, FREQUENCY_POOLING
from sernas.search.supernet import Supernet
from sernas.space.mix import Mixing


class BranchCNN(CNN):
    """Computes what its parent does, from the same weights, without merging anything."""

    forward = CNN.plain  # on any device

    def mixture(self, layer: str, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, C, F, T) -> (B, C', F, T)."""
        return getattr(self, layer).branches(x, mixing[layer])

    def first(self, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, 1, F, T) -> (B, 16, F, T)."""
        return torch.cat([self.mixture(layer, x, mixing) for layer in FIRST], 1)


def branched(supernet: Supernet, kind: type[BranchCNN] = BranchCNN) -> Supernet:
    """``supernet``, with its CNN run branch by branch; the weights are those that it had."""
    system = supernet.system
    cnn = kind(system.space, system.encoder.rows * FREQUENCY_POOLING)
    cnn.load_state_dict(system.encoder.state_dict(), assign=True)
    system.encoder = cnn
    return supernet
