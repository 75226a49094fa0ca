"""A cell, and its edges that hold candidate operations (Liu et al. 2019, sections 2.1 and 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

import torch
from torch import Tensor, nn

from sernas.models.darts_operations import OPERATIONS, FactorisedReduction, Norm, relu_conv
from sernas.space.cells import INPUTS, NODES, NONE, edges_into, edges_of
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mix, Mixing


class MixedEdge(nn.Module):
    """Candidate operations of an edge, (B, C, F, T) -> (B, C, ceil(F / stride), ceil(T / stride)).

    Those that take part are computed and no others; none is not even built.
    """

    def __init__(self, candidates: Sequence[str], channels: int, stride: int, norm: Norm):
        super().__init__()
        self.candidates = tuple(candidates)
        self.operations = nn.ModuleDict(
            {n: OPERATIONS[n](channels, stride, norm) for n in candidates if n != NONE}
        )

    def forward(self, x: Tensor, mix: Mix) -> list[Tensor]:
        """What is to be summed: the weighted outputs of the operations that take part."""
        parts = [(i, self.candidates[i]) for i in mix.candidates if self.candidates[i] != NONE]
        outputs = [self.operations[name](x) for _, name in parts]
        if mix.weights is None:
            return outputs
        return [mix.weights[i] * h for (i, _), h in zip(parts, outputs, strict=True)]


class Cell(nn.Module):
    """The nodes of one cell, concatenated: 4 times ``channels``.

    In a reduction cell the edges from its inputs have stride 2.

    Args:
        space: holds the candidates of every edge.
        kind: "normal" or "reduction".
        inputs: channels of the output of the last cell but one, and of the last.
        channels: of each node.
        after_reduction: the last cell was a reduction, so that its output is half as large as that
            of the cell before.
    """

    def __init__(
        self,
        space: SearchSpace,
        kind: str,
        inputs: tuple[int, int],
        channels: int,
        after_reduction: bool,
        norm: Norm,
    ):
        super().__init__()
        self.kind = kind
        fit = FactorisedReduction if after_reduction else relu_conv
        self.inputs = nn.ModuleList(
            [fit(inputs[0], channels, norm), relu_conv(inputs[1], channels, norm)]
        )
        self.edges = nn.ModuleDict()
        for edge in edges_of(kind):
            stride = 2 if kind == "reduction" and edge.source < INPUTS else 1
            candidates = space[edge.layer].candidates
            self.edges[edge.layer] = MixedEdge(candidates, channels, stride, norm)

    def forward(self, before: Sequence[Tensor], mixing: Mixing) -> Tensor:
        """The outputs of the last cell but one and of the last, both (B, C, F, T) but for a
        reduction between them -> (B, C', F', T')."""
        nodes = [fit(x) for fit, x in zip(self.inputs, before, strict=True)]
        for node in NODES:
            parts = []
            for edge in edges_into(self.kind, node):
                parts += self.edges[edge.layer](nodes[edge.source], mixing[edge.layer])
            nodes.append(reduce(add, parts))
        return torch.cat(nodes[INPUTS:], 1)
