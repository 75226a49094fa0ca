"""The hand-made CNN that cells are compared with."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from sernas.models.cell_cnn import DROPOUT
from sernas.operations.dropout import Dropout
from sernas.space.mix import Mixing

CHANNELS = (8, 16, 32, 128)
POOLS = ((2, 2), (2, 2), (2, 1), (2, 1))


class HandMadeCNN(nn.Module):
    """(B, 1, F, T) -> (B, T', 128): four blocks of 3x3 convolution, batch norm, ReLU, max-pool.

    Rajapakshe et al. 2023 do not say how large their hand-made CNN is. Ours ends in as many
    features and time steps, T' = ceil(T / 4), as cells do, with the same dropout, and is about as
    large. With four classes ``cnn`` has 43,580 parameters, ``darts_cnn_c4`` 40,942 in the mean over
    1000 random genotypes (5 to 95 %: 29,572 to 51,972); ``cnn_lstm`` has 439,356, and
    ``darts_cnn_lstm_c4_l1`` 436,718 (425,348 to 447,748).
    """

    tried_on = (1, 32)  # see models/reach.py

    def __init__(self):
        super().__init__()
        blocks = []
        for (inputs, outputs), pool in zip(pairwise((1, *CHANNELS)), POOLS, strict=True):
            blocks += [
                nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
                nn.BatchNorm2d(outputs),
                nn.ReLU(),
                nn.MaxPool2d(pool, ceil_mode=True),
                Dropout(DROPOUT),
            ]
        self.blocks = nn.Sequential(*blocks)
        self.features = CHANNELS[-1]

    def forward(self, x: Tensor, mixing: Mixing) -> Tensor:
        return self.blocks(x).mean(2).transpose(1, 2)
