"""What the edges that leave a node have alike, computed for all of them at once.

They read the same, and in a search mostly have the same candidates: separable convolutions lie side
by side, with their norms, which know no more than a channel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import torch
from torch import Tensor, nn

from sernas.operations.image_operations import Identity, Pool, Separable, SepConv, convolved
from sernas.operations.norms import Norm, by_batch
from sernas.operations.separable import WIDTH, merges, mixtures
from sernas.operations.source import Source


class Part(NamedTuple):
    """What comes along an edge: its target, an operation by name, and the weight of its output."""

    target: int
    name: str
    operation: nn.Module
    weight: Tensor | None


Outputs = tuple[tuple[int, ...], Tensor]
"""n targets, and (B, n C, F, T): what comes to each of them, side by side."""


def added(parts: Iterable[Tensor]) -> Tensor | None:
    """The sum of all, each added as it comes; the first may be a node, which is to stay."""
    total, ours = None, False
    for part in parts:
        if total is None:
            total = part
        else:
            total, ours = total.add_(part) if ours else total + part, True
    return total


def is_at_once(part: Part, source: Source) -> bool:
    """Whether :func:`at_once` computes it."""
    return _is_convolution(part) or _is_mixed(part, source)


def at_once(source: Source, parts: Iterable[Part]) -> dict[int, list[Tensor]]:
    """Of what leaves a node, by target (B, C, F', T') that are to be added to it."""
    alike, mixed = defaultdict(list), defaultdict(list)
    for part in parts:
        if _is_convolution(part):
            alike[part.name, part.weight is None].append(part)
        elif _is_mixed(part, source):
            mixed[part.name].append(part)
    sums, by_target = defaultdict(list), defaultdict(list)
    for targets, x in chain(_joined(source, alike.values()), _mixed(source, [*mixed.values()])):
        sums[targets].append(x)
    for targets, outputs in sums.items():
        for target, x in zip(targets, added(outputs).chunk(len(targets), 1), strict=True):
            by_target[target].append(x)
    return by_target


def _is_convolution(part: Part) -> bool:
    operation = part.operation
    last = operation.second if isinstance(operation, SepConv) else operation
    return isinstance(last, Separable) and _is_stateless(last.norm)


def _is_mixed(part: Part, source: Source) -> bool:
    """Whether its output but for the weight is the same on all edges, and to be weighed at once."""
    operation = part.operation
    same = isinstance(operation, Pool) and _is_stateless(operation.norm)
    return (
        part.weight is not None and merges(source.x) and (same or isinstance(operation, Identity))
    )


def _is_stateless(norm: nn.Module) -> bool:
    return isinstance(norm, Norm) and norm.stateless


def _joined(source: Source, alike: Iterable[Sequence[Part]]) -> Iterator[Outputs]:
    most = max(1, WIDTH // source.x.shape[1])
    for edges in alike:
        for first in range(0, len(edges), most):
            some = edges[first : first + most]
            weights = None if some[0].weight is None else [part.weight for part in some]
            operations = [part.operation for part in some]
            yield tuple(part.target for part in some), _side_by_side(operations, source, weights)


def _side_by_side(
    operations: Sequence[SepConv] | Sequence[Separable],
    source: Source,
    weights: Sequence[Tensor] | None,
) -> Tensor:
    """n operations that differ only in what they have learned: (B, C, F, T) -> (B, n C, F', T')."""
    if isinstance(operations[0], SepConv):
        first = _side_by_side([each.first for each in operations], source, None)
        return _side_by_side([each.second for each in operations], Source(first), weights)
    return by_batch(convolved(operations, source), weights, operations[0].norm.eps)


def _mixed(source: Source, mixed: Sequence[Sequence[Part]]) -> Iterator[Outputs]:
    if mixed:
        outputs = [edges[0].operation(source) for edges in mixed]
        by_target = [{part.target: part.weight for part in edges} for edges in mixed]
        targets = tuple(sorted(set().union(*by_target)))
        zero = torch.zeros_like(mixed[0][0].weight)
        weights = [of.get(target, zero) for target in targets for of in by_target]
        yield targets, mixtures(outputs, torch.stack(weights).unflatten(0, (-1, len(outputs))))
