"""The CNN with one convolution a candidate: DARTS's mixed operation to the letter.

What searches would cost without merged kernels, and the oracle that these are tested against.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from sernas.models.cnn import CNN, FREQUENCY_POOLING
from sernas.search.supernet import Supernet
from sernas.space.mix import Mixing


class BranchCNN(CNN):
    """Computes what its parent does, from the same weights, without merging anything."""

    def mixture(self, layer: str, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, C, F, T) -> (B, C', F, T)."""
        return getattr(self, layer).branches(x, mixing[layer])

    def forward(self, x: Tensor, mixing: Mixing) -> Tensor:
        # laid out and pooled as in the parent, so that nothing but the branches differs
        h = x.contiguous().as_strided(x.shape, (x[0].numel(), 1, x.shape[3], 1))
        h = torch.cat([self.mixture(layer, h, mixing) for layer in ("conv2d_1", "conv2d_2")], 1)
        h = F.relu(F.max_pool2d(h, (2, 1)))
        h = F.relu(F.max_pool2d(self.mixture("conv2d_3", h, mixing), 2))
        h = F.relu(F.max_pool2d(self.mixture("conv2d_4", h, mixing), (8, 2)))
        return h.flatten(1, 2).transpose(1, 2)


def branched(supernet: Supernet, kind: type[BranchCNN] = BranchCNN) -> Supernet:
    """``supernet``, with its CNN run branch by branch; the weights are those that it had."""
    system = supernet.system
    cnn = kind(system.space, system.cnn.rows * FREQUENCY_POOLING)
    cnn.load_state_dict(system.cnn.state_dict(), assign=True)
    system.cnn = cnn
    return supernet
