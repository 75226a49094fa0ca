"""Cells with every operation of every edge by itself: DARTS's mixed operation to the letter.

What searches would cost if edges shared nothing and convolutions were PyTorch's, and the oracle
that the cells are tested against.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.models.cell import Cell
from sernas.operations.image_operations import (
    FactorisedReduction,
    Identity,
    Pool,
    ReLUConv,
    Separable,
    SepConv,
)
from sernas.operations.source import Source
from sernas.search.supernet import Supernet
from sernas.space.cells import INPUTS, NODES, NONE, edges_into
from sernas.space.mix import Mixing


class LiteralCell(nn.Module):
    """Computes what ``cell`` does, from its weights: two (B, C, F, T) -> (B, C', F', T')."""

    def __init__(self, cell: Cell):
        super().__init__()
        self.cell = cell

    def forward(self, before: Sequence[Source], mixing: Mixing) -> Tensor:
        nodes = [literal(fit, h.x) for fit, h in zip(self.cell.inputs, before, strict=True)]
        for node in NODES:
            total = 0
            for edge in edges_into(self.cell.kind, node):
                mixed, mix = self.cell.edges[edge.layer], mixing[edge.layer]
                for i in mix.candidates:
                    if (name := mixed.candidates[i]) != NONE:
                        h = literal(mixed.operations[name], nodes[edge.source])
                        total = total + (h if mix.weights is None else mix.weights[i] * h)
            nodes.append(total)
        return torch.cat(nodes[INPUTS:], 1)


def literal(operation: nn.Module, x: Tensor) -> Tensor:
    """What an operation makes of x, (B, C, F, T) -> (B, C', F', T'), layer by layer."""
    match operation:
        case Identity():
            return x
        case Pool():
            return operation.norm(operation.pooling(x, 3, operation.stride, 1))
        case ReLUConv():
            return operation.norm(F.conv2d(F.relu(x), operation.conv.weight))
        case SepConv():
            return literal(operation.second, literal(operation.first, x))
        case Separable():
            h = F.conv2d(operation.depthwise(F.relu(x)), operation.pointwise.weight)
            return operation.norm(h)
        case FactorisedReduction():
            h = F.relu(x)
            even = F.conv2d(h, operation.even.weight, stride=2)
            odd = F.conv2d(F.pad(h, (-1, 1, -1, 1)), operation.odd.weight, stride=2)
            return operation.norm(torch.cat([even, odd], 1))
    raise TypeError(f"not an operation of a cell: {operation}")


def edge_by_edge(supernet: Supernet) -> Supernet:
    """``supernet``, with its cells run edge by edge; the weights are those that it had."""
    cnn = supernet.system.encoder
    cnn.cells = nn.ModuleList(LiteralCell(cell) for cell in cnn.cells)
    return supernet
