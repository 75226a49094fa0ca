"""A CNN of cells (Liu et al. 2019, section 2.1; sizes of Rajapakshe et al. 2023)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sernas.models.cell import Cell
from sernas.operations.dropout import Dropout
from sernas.operations.norms import batch_norm
from sernas.operations.source import Source
from sernas.space.cells import NODES
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing

CHANNELS = 8  # of a node before the first reduction; each reduction doubles them
STEM = 3  # times as many leave the stem
DROPOUT = 0.3


class CellCNN(nn.Module):
    """(B, 1, F, T) -> (B, T', 128): a spectrogram to a sequence, T' = ceil(T / 4).

    A third and two thirds of the way stands a reduction cell. All cells of a kind have the same
    operations, and weights of their own.

    Args:
        space: one of cells; with more than one genotype this is a supernet.
        cells: number of cells.

    Attributes:
        features: D, 128.
    """

    tried_on = (1, 32)  # see models/reach.py
    chunk = 2**20  # for which it takes 1.2 GB

    def __init__(self, space: SearchSpace, cells: int):
        super().__init__()
        norm = batch_norm(supernet=space.size > 1)
        channels, inputs = CHANNELS, (STEM * CHANNELS, STEM * CHANNELS)
        self.stem = nn.Sequential(
            nn.Conv2d(1, STEM * CHANNELS, 3, padding=1, bias=False), norm(STEM * CHANNELS)
        )
        self.cells = nn.ModuleList()
        reduced = False
        for number in range(cells):
            after_reduction, reduced = reduced, number in (cells // 3, 2 * cells // 3)
            channels *= 2 if reduced else 1
            kind = "reduction" if reduced else "normal"
            self.cells.append(Cell(space, kind, inputs, channels, after_reduction, norm))
            inputs = (inputs[1], len(NODES) * channels)
        self.dropout = Dropout(DROPOUT)
        self.features = inputs[1]

    def forward(self, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, 1, F, T) -> (B, ceil(T / 4), 128)."""
        return self.maps(x, mixing).mean(2).transpose(1, 2)

    def maps(self, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, 1, F, T) -> (B, 128, ceil(F / 4), ceil(T / 4))."""
        h = self.stem(x)
        # a supernet's step then takes 0.7 of the time on the CPU, 0.6 on a GPU, where batch norm
        # would use as many processors as there are channels
        h = h.contiguous(memory_format=torch.channels_last)
        before = (Source(h),) * 2
        for cell in self.cells:
            before = (before[1], Source(self.dropout(cell(before, mixing))))
        return before[1].x
