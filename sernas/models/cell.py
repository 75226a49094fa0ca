"""A cell, and its edges that hold candidate operations (Liu et al. 2019, sections 2.1 and 2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from sernas.operations.at_once import Part, added, at_once, is_at_once
from sernas.operations.building import built
from sernas.operations.image_operations import FactorisedReduction, ReLUConv
from sernas.operations.norms import NormOf
from sernas.operations.source import Source
from sernas.space.cells import INPUTS, NODES, NONE, Edge, edges_into, edges_of
from sernas.space.choices import Choice, SearchSpace
from sernas.space.mix import Mix, Mixing


class MixedEdge(nn.Module):
    """Candidate operations of an edge, (B, C, F, T) -> (B, C, ceil(F / stride), ceil(T / stride)).

    Those that take part are computed and no others; none is not even built.

    Args:
        sequences: what comes along it are sequences, images of one row.

    Raises:
        SettingsError: an operation that is not there, or cannot stand on this edge.
    """

    def __init__(
        self, choice: Choice, channels: int, stride: int, norm: NormOf, sequences: bool = False
    ):
        super().__init__()
        self.candidates = choice.candidates
        names = [name for name in choice.candidates if name != NONE]
        self.operations = built(names, choice.layer, channels, stride, norm, sequences=sequences)

    def parts(self, target: int, mix: Mix) -> Iterator[Part]:
        """The operations that take part, with the weights of their outputs."""
        weights = None if mix.weights is None else mix.weights.unbind()  # one gradient for all
        for i in mix.candidates:
            if (name := self.candidates[i]) != NONE:
                yield Part(target, name, self.operations[name], weights and weights[i])


class Cell(nn.Module):
    """The nodes of one cell, concatenated: 4 times ``channels``.

    In a reduction cell the edges from its inputs have stride 2. What goes into a deep cell are
    sequences, images of one row.

    Args:
        space: holds the candidates of every edge.
        kind: "normal", "reduction" or "deep".
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
        norm: NormOf,
    ):
        super().__init__()
        self.kind = kind
        fit = FactorisedReduction if after_reduction else ReLUConv
        self.inputs = nn.ModuleList(
            [fit(inputs[0], channels, norm), ReLUConv(inputs[1], channels, norm)]
        )
        self.edges = nn.ModuleDict()
        for edge in edges_of(kind):
            stride = 2 if kind == "reduction" and edge.source < INPUTS else 1
            self.edges[edge.layer] = MixedEdge(
                space[edge.layer], channels, stride, norm, sequences=kind == "deep"
            )

    def forward(self, before: Sequence[Source], mixing: Mixing) -> Tensor:
        """The outputs of the last cell but one and of the last, both (B, C, F, T) but for a
        reduction between them -> (B, C', F', T')."""
        sources = [Source(fit(source)) for fit, source in zip(self.inputs, before, strict=True)]
        beside = [self._beside(number, source, mixing) for number, source in enumerate(sources)]
        for node in NODES:
            x = self._sum(self._parts(node, sources, beside, mixing), sources[0].x)
            if x.requires_grad:
                # which is a slice of that of all nodes, and would else be copied by each operation
                x.register_hook(_laid_out)
            sources.append(Source(x))
            beside.append(self._beside(node, sources[node], mixing))
        return torch.cat([source.x for source in sources[INPUTS:]], 1)

    def _parts(
        self,
        node: int,
        sources: Sequence[Source],
        beside: Sequence[Mapping[int, Sequence[Tensor]]],
        mixing: Mixing,
    ) -> Iterator[Tensor]:
        for edge in edges_into(self.kind, node):
            source = sources[edge.source]
            for part in self._along(edge, mixing):
                if not is_at_once(part, source):
                    yield part.operation(source, part.weight)
            yield from beside[edge.source][node]

    def _beside(self, number: int, source: Source, mixing: Mixing) -> Mapping[int, list[Tensor]]:
        edges = [edge for edge in edges_of(self.kind) if edge.source == number]
        return at_once(source, (part for edge in edges for part in self._along(edge, mixing)))

    def _along(self, edge: Edge, mixing: Mixing) -> Iterator[Part]:
        return self.edges[edge.layer].parts(edge.target, mixing[edge.layer])

    def _sum(self, parts: Iterator[Tensor], x: Tensor) -> Tensor:
        """The sum of all.

        Where there are none it is zeros, since then every edge of the node is none. Genotypes have
        no such node, but what a step of a supernet draws may have.

        Args:
            x: (B, C, F, T), an input of the cell.
        """
        if (total := added(parts)) is not None:
            return total
        stride = 2 if self.kind == "reduction" else 1
        return x.new_zeros(*x.shape[:2], *(-(-size // stride) for size in x.shape[2:]))


def _laid_out(gradient: Tensor) -> Tensor:
    """Contiguous, with channels last where that is how it is sliced."""
    last = gradient.stride(1) == 1
    return gradient.contiguous(
        memory_format=torch.channels_last if last else torch.contiguous_format
    )
