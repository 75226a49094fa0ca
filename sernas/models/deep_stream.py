"""The deep stream of EmotionNAS: from a speech model's layers to a sequence, through one cell."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sernas.models.cell import Cell
from sernas.models.cell_cnn import DROPOUT
from sernas.models.chunks import parts
from sernas.models.reach import Recording
from sernas.operations.dropout import Dropout
from sernas.operations.norms import batch_norm
from sernas.operations.sequence_operations import image_of, steps_of
from sernas.operations.source import Source
from sernas.space.cells import NODES
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing

WIDTH = 128  # of what goes into the cell, and of what comes out of it
LEFT_OUT = 0.5  # of the values of all layers, by a step of training


class LayerSum(nn.Module):
    """(B, L, D, T) -> (B, T, D): the layers' sum, with learned weights that sum to 1.

    The weights are a softmax, at first all alike (Peters et al. 2018, "Deep contextualized word
    representations", Eq. 1; of speech models Yang et al. 2021, "SUPERB").
    """

    def __init__(self, layers: int):
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(layers))

    def forward(self, x: Tensor) -> Tensor:
        weights = torch.softmax(self.logits, 0).to(x.dtype)
        return (weights @ x.flatten(2)).unflatten(1, x.shape[2:]).transpose(1, 2)


class AllLayers(nn.Dropout1d):
    """(B, L, D, T) -> (B, T, L * D): the layers side by side. Training leaves values out, each for
    all of a segment. Beyond the papers."""

    def __init__(self):
        super().__init__(LEFT_OUT)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.flatten(1, 2)).transpose(1, 2)


class DeepStream(nn.Module):
    """(B, L, D, T) -> (B, T, 128): the sum of the layers, a linear layer, and one deep cell.

    Our instantiation of Sun et al. 2022. Both inputs of the cell are the linear layer's output, as
    both inputs of the first cell of DARTS are the stem's.

    Args:
        space: holds the deep cell; with more than one genotype this is a supernet.
        layers: L, of the speech model.
        values: D, of a frame of each layer.
        side_by_side: the layers are, in place of their sum. Beyond the papers.
    """

    def __init__(self, space: SearchSpace, layers: int, values: int, side_by_side: bool = False):
        super().__init__()
        norm = batch_norm(supernet=space.size > 1)
        self.layers = AllLayers() if side_by_side else LayerSum(layers)
        self.linear = nn.Linear(values * layers if side_by_side else values, WIDTH)
        self.cell = Cell(space, "deep", (WIDTH, WIDTH), WIDTH // len(NODES), False, norm)
        self.dropout = Dropout(DROPOUT)
        self.features = WIDTH

    def forward(self, x: Tensor, mixing: Mixing) -> Tensor:
        return self._through_cell(self.linear(self.layers(x)), mixing)

    def pieces(self, x: Recording, mixing: Mixing) -> Sequence[Tensor]:
        """See :func:`sernas.models.chunks.pieces`: here one. What is large, the layers, is taken in
        part by part; the cell, which may see all of a sequence, gets it whole."""
        steps = self.linear.weight.new_empty(1, x.shape[2], WIDTH)  # a list would fragment memory
        for start, stop, part in parts(self, x):
            steps[:, start:stop] = self.linear(self.layers(part))
        return [self._through_cell(steps, mixing)]

    def _through_cell(self, steps: Tensor, mixing: Mixing) -> Tensor:
        """(B, T, 128) -> (B, T, 128)."""
        h = Source(image_of(steps))
        return steps_of(self.dropout(self.cell((h, h), mixing)))
