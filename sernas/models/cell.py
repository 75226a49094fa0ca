"""A cell, and its edges that hold candidate operations (Liu et al. 2019, sections 2.1 and 2.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import torch
from torch import Tensor, nn

from sernas.operations.building import built
from sernas.operations.image_operations import (
    FactorisedReduction,
    ReLUConv,
    is_shared,
    joined,
    may_join,
)
from sernas.operations.norms import NormOf
from sernas.operations.separable import WIDTH, merges, mixtures
from sernas.operations.source import Source
from sernas.space.cells import INPUTS, NODES, NONE, edges_of
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

    def taking_part(self, mix: Mix) -> Iterator[tuple[str, nn.Module, Tensor | None]]:
        """The operations that do, with the weights of their outputs."""
        weights = None if mix.weights is None else mix.weights.unbind()  # one gradient for all
        for i in mix.candidates:
            if (name := self.candidates[i]) != NONE:
                yield name, self.operations[name], weights and weights[i]


class Sum:
    """What is added as it comes; the first may be a node, which is to stay."""

    def __init__(self):
        self.total: Tensor | None = None
        self._ours = False

    def add(self, part: Tensor) -> None:
        if self._ours:
            self.total.add_(part)
        else:
            self._ours = self.total is not None
            self.total = self.total + part if self._ours else part


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
        sums = {node: Sum() for node in NODES}
        for number in range(NODES.stop):
            if number in NODES:
                sources.append(self._node(sums[number].total, sources[0].x))
            for targets, part in self._leaving(number, sources[number], mixing):
                parts = part.chunk(len(targets), 1) if len(targets) > 1 else [part]
                for target, x in zip(targets, parts, strict=True):
                    sums[target].add(x)
        return torch.cat([source.x for source in sources[INPUTS:]], 1)

    def _node(self, x: Tensor | None, like: Tensor) -> Source:
        """A node of the sum x, or of zeros where every edge into it is none: genotypes have no such
        node, but what a step of a supernet draws may have.

        Args:
            like: (B, C, F, T), an input of the cell.
        """
        if x is None:
            stride = 2 if self.kind == "reduction" else 1
            x = like.new_zeros(*like.shape[:2], *(-(-size // stride) for size in like.shape[2:]))
        if x.requires_grad:
            # which is a slice of that of all nodes, and would else be copied by each operation
            x.register_hook(_laid_out)
        return Source(x)

    def _leaving(
        self, number: int, source: Source, mixing: Mixing
    ) -> Iterator[tuple[tuple[int, ...], Tensor]]:
        """What comes along the edges that leave a node: targets, and (B, C, F', T') for each of
        them side by side. An operation that several edges have is computed for all at once."""
        alike, shared = defaultdict(list), defaultdict(list)
        for edge in edges_of(self.kind):
            if edge.source == number:
                mixed, mix = self.edges[edge.layer], mixing[edge.layer]
                for name, operation, weight in mixed.taking_part(mix):
                    if may_join(operation):
                        alike[name, weight is None].append((edge.target, operation, weight))
                    elif weight is not None and merges(source.x) and is_shared(operation):
                        shared[name].append((edge.target, operation, weight))
                    else:
                        yield (edge.target,), operation(source, weight)
        if shared:
            yield _mixtures(source, shared.values())
        sums, most = defaultdict(Sum), max(1, WIDTH // source.x.shape[1])
        for (_, unweighted), edges in alike.items():
            for first in range(0, len(edges), most):
                targets, operations, weights = zip(*edges[first : first + most], strict=True)
                sums[targets].add(joined(operations, source, None if unweighted else weights))
        yield from ((targets, each.total) for targets, each in sums.items())


Part = tuple[int, nn.Module, Tensor]
"""The target of an edge, an operation, and the weight of its output."""


def _mixtures(source: Source, shared: Collection[Sequence[Part]]) -> tuple[tuple[int, ...], Tensor]:
    """Targets, and what comes to each of them, (B, C, F', T') side by side, of operations whose
    output is the same on all edges; of each operation its edges."""
    outputs = [operation(source) for (_, operation, _), *_ in shared]
    targets = tuple(sorted({target for edges in shared for target, *_ in edges}))
    weights = [{target: weight for target, _, weight in edges} for edges in shared]
    zero = torch.zeros_like(next(iter(weights[0].values())))
    matrix = torch.stack([of.get(target, zero) for target in targets for of in weights])
    return targets, mixtures(outputs, matrix.unflatten(0, (-1, len(outputs))))


def _laid_out(gradient: Tensor) -> Tensor:
    """Contiguous, with channels last where that is how it is sliced."""
    last = gradient.stride(1) == 1
    return gradient.contiguous(
        memory_format=torch.channels_last if last else torch.contiguous_format
    )
