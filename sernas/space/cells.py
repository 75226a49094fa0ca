"""Cells as a search space (Liu et al. 2019, "DARTS", sections 2.1, 2.4 and 3.1).

A cell is a graph: its two inputs, nodes 0 and 1, are the outputs of the two cells before it; each
of four more nodes sums its edges from all nodes before it. What is chosen is the operation of every
edge of a cell, once for each kind of cell that a network has; an edge is a layer,
``"normal_2_0"``. A *genotype* is an architecture in which each node has exactly two edges that are
not none.

Networks of spectrograms have two kinds, a normal cell and one that reduces; those of a speech
model's embeddings have one, the deep cell, whose operations are along time alone.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from operator import itemgetter
from typing import NamedTuple

from sernas.base.errors import SettingsError
from sernas.space.choices import Architecture, Choice, SearchSpace

INPUTS = 2
NODES = range(INPUTS, INPUTS + 4)
KEPT = 2  # edges of a node
NONE = "none"
SKIP = "skip_connect"
OF_IMAGES = (
    NONE,
    "max_pool_3x3",
    "avg_pool_3x3",
    SKIP,
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
)
OF_SEQUENCES = (
    NONE,
    "conv_3",
    "conv_5",
    "dil_conv_3",
    "bi_gru",
    "self_attention",
    SKIP,
)
"""Ours: Sun et al. 2022 do not list theirs in what is public."""
CANDIDATES = {"normal": OF_IMAGES, "reduction": OF_IMAGES, "deep": OF_SEQUENCES}
"""What an edge of each kind of cell may be."""
IMAGE_KINDS = ("normal", "reduction")
WATCHED = ("normal", "deep")
"""Cells whose skip connections tell of collapse; those of a reduction cell do not."""


class Edge(NamedTuple):
    """From node ``source`` to node ``target`` of a cell."""

    kind: str
    target: int
    source: int

    @property
    def layer(self) -> str:
        """Its name in a search space and in an architecture."""
        return f"{self.kind}_{self.target}_{self.source}"


def edges_into(kind: str, target: int) -> list[Edge]:
    """The edges that end in a node."""
    return [Edge(kind, target, source) for source in range(target)]


def edges_of(kind: str) -> list[Edge]:
    """All 14 edges of a cell, node by node."""
    return [edge for node in NODES for edge in edges_into(kind, node)]


def kinds_of(layers: Iterable[str]) -> tuple[str, ...]:
    """The kinds of cells of which all edges are among ``layers``."""
    found = set(layers)
    return tuple(k for k in CANDIDATES if found.issuperset(edge.layer for edge in edges_of(k)))


def are_edges(layers: Iterable[str]) -> bool:
    """Whether layers are those of cells: all edges of each kind that there is, and no others."""
    found = set(layers)
    edges = {edge.layer for kind in kinds_of(found) for edge in edges_of(kind)}
    return bool(found) and found == edges


@dataclass(frozen=True)
class CellSpace(SearchSpace):
    """The genotypes that can be made of the candidates of each edge."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its cells."""
        return kinds_of(self.layers)

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds of its cells, and their edges."""
        return (*self.kinds, *self.layers)

    @property
    def parts(self) -> list[tuple[str, ...]]:
        """The edges into each node, of which a genotype has two."""
        nodes = product(self.kinds, NODES)
        return [tuple(edge.layer for edge in edges_into(*node)) for node in nodes]

    @property
    def size(self) -> int:
        """Number of genotypes."""
        return math.prod(map(len, self._genes))

    @property
    def baseline(self) -> dict[str, str]:
        """The hand-made genotype.

        Raises:
            SettingsError: there is none, as in the papers on DARTS.
        """
        if self.hand_made:
            return super().baseline
        raise SettingsError(
            "a search space of cells has no hand-made architecture; name one, choose another "
            "strategy than none, or a system that is hand-made, cnn or cnn_lstm"
        )

    def draw(self, rng: random.Random) -> dict[str, str]:
        """A genotype drawn uniformly."""
        return {layer: name for genes in self._genes for layer, name in rng.choice(genes).items()}

    def coincidence(self) -> dict[str, float]:
        """How probable it is, of each edge, that two drawn genotypes are alike there."""
        counts = {
            layer: (Counter(gene[layer] for gene in genes).values(), len(genes))
            for genes in self._genes
            for layer in genes[0]
        }
        return {layer: sum(n * n for n in of) / total**2 for layer, (of, total) in counts.items()}

    def derive(self, weights: Mapping[str, Sequence[float]]) -> dict[str, str]:
        """The genotype of the strongest edges (Liu et al. 2019, section 2.4).

        An edge is as strong as its strongest operation other than none, which it keeps; each node
        keeps its two strongest edges. The first of equals wins.

        Args:
            weights: of each edge's candidates, (N,), which sum to 1. An edge without none among
                these is kept before the others.
        """
        derived = dict.fromkeys(self.layers, NONE)
        for kind, node in product(self.kinds, NODES):
            strongest = []
            for layer in (edge.layer for edge in edges_into(kind, node)):
                by_name = dict(zip(self[layer].candidates, weights[layer], strict=True))
                may_go = by_name.pop(NONE, None) is not None
                if by_name:
                    name = max(by_name, key=by_name.get)
                    strongest.append((may_go, -by_name[name], layer, name))
            strongest.sort(key=itemgetter(0, 1))
            derived |= {layer: name for *_, layer, name in strongest[:KEPT]}
        return derived

    def with_candidates(self, candidates: Mapping[str, Sequence[str]]) -> CellSpace:
        """The space with other candidates; the hand-made genotype stays buildable.

        Args:
            candidates: by edge, or by kind of cell for all of its edges that are not named.

        Raises:
            SettingsError: candidates that an edge cannot have, or that allow no genotype.
        """
        of_kinds = {
            edge.layer: candidates[kind]
            for kind in self.kinds
            if kind in candidates
            for edge in edges_of(kind)
        }
        space = super().with_candidates({**of_kinds, **candidates})
        if space == self:
            return self
        for (kind, node), genes in zip(product(self.kinds, NODES), space._genes, strict=True):
            if not genes:
                raise SettingsError(
                    f"space.candidates: node {node} of the {kind} cell must have {KEPT} edges that "
                    f"are not {NONE}, all others {NONE}, which its candidates do not allow; name "
                    f"{NONE} and at least one operation for each edge"
                )
        return space

    def signs(self, architecture: Architecture) -> dict[str, int]:
        """``skips/normal`` and the like, of each cell: see :func:`skip_connections`."""
        return {f"skips/{kind}": n for kind, n in skip_connections(architecture).items()}

    def collapsed(self, signs: Mapping[str, int], most: int) -> bool:
        """Whether a watched cell has ``most`` skip connections."""
        return max(signs.get(f"skips/{kind}", 0) for kind in WATCHED) >= most

    def _check(self, architecture: Architecture) -> None:
        super()._check(architecture)
        for kind, node in product(self.kinds, NODES):
            layers = [edge.layer for edge in edges_into(kind, node)]
            found = [layer for layer in layers if architecture[layer] != NONE]
            if len(found) != KEPT:
                raise SettingsError(
                    f"node {node} of the {kind} cell must have {KEPT} edges that are not {NONE}; "
                    f"found {', '.join(found) or 'no such edge'} among {', '.join(layers)}"
                )

    @cached_property
    def _genes(self) -> list[list[dict[str, str]]]:
        """For each node all that a genotype can have there: an operation for each of its edges."""
        return [self._genes_of(kind, node) for kind, node in product(self.kinds, NODES)]

    def _genes_of(self, kind: str, node: int) -> list[dict[str, str]]:
        candidates = {edge.layer: self[edge.layer].candidates for edge in edges_into(kind, node)}
        genes = []
        for kept in combinations(candidates, KEPT):
            if all(NONE in names for layer, names in candidates.items() if layer not in kept):
                for names in product(*(candidates[layer] for layer in kept)):
                    if NONE not in names:
                        kept_names = dict(zip(kept, names, strict=True))
                        genes.append(dict.fromkeys(candidates, NONE) | kept_names)
        return genes


def cell_space(
    kinds: Sequence[str] = IMAGE_KINDS, hand_made: Mapping[str, str] | None = None
) -> CellSpace:
    """Every operation on every edge of a cell of each kind; of DARTS's two, 1.1e18 genotypes.

    Args:
        hand_made: for each kind the operation that leads from both inputs to each node, in the
            hand-made genotype; None: there is no such genotype.
    """

    def baseline(edge: Edge) -> str | None:
        if hand_made is None:
            return None
        return hand_made[edge.kind] if edge.source < INPUTS else NONE

    edges = [edge for kind in kinds for edge in edges_of(kind)]
    return CellSpace(tuple(Choice(e.layer, CANDIDATES[e.kind], baseline(e)) for e in edges))


def skip_connections(architecture: Architecture) -> dict[str, int]:
    """How many of each cell's edges skip, of eight.

    A search that lets them take over the normal cell has collapsed (Zela et al. 2020,
    "Understanding and robustifying differentiable architecture search").
    """
    return {
        kind: sum(architecture[edge.layer] == SKIP for edge in edges_of(kind))
        for kind in kinds_of(architecture)
    }
