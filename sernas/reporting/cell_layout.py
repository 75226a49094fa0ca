"""Where the nodes, labels and edges of a cell's picture stand.

Nodes stand in columns by their depth, and labels in columns between them. An edge goes from column
to column, through a place of its own in each, and turns in the gaps alone, where nothing stands.
The order within the columns and the heights are igraph's, after Sugiyama et al. 1981 (few
crossings) and Brandes & Koepf 2001 (straight edges).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

STARTS = 200  # igraph's order depends on the one it is given; the best of so many is drawn
SWEEPS = 2  # the default, 100, ends with more crossings


class Arrow(NamedTuple):
    """An edge of the graph; the label may be empty."""

    source: str
    target: str
    label: str


class Place(NamedTuple):
    """What stands in a column: a node (``arrow`` is -1), an edge's label, or an edge that passes.

    Attributes:
        name: of the node, or the label; empty where an edge passes.
        arrow: whose label, or which edge passes, by its position.
    """

    column: int
    name: str
    arrow: int = -1


class Layout(NamedTuple):
    """The places of each arrow from its source to its target, and the height of each place."""

    routes: list[list[Place]]
    heights: dict[Place, float]


def lay_out(arrows: Sequence[Arrow]) -> Layout:
    """Lay out a graph without cycles; the places of a column are at least 1 apart.

    Args:
        arrows: the edges, at least one, those into a node before those out of it.

    Returns:
        The layout with the first arrow's source above the other sources.
    """
    routes, rng = routes_of(arrows), random.Random(0)
    best = min((heights_of(routes, rng) for _ in range(STARTS)), key=lambda h: untidy(routes, h))
    first = routes[0][0]
    upside_down = any(best[place] > best[first] for place in best if place.column == 0)
    return Layout(routes, {place: -h if upside_down else h for place, h in best.items()})


def routes_of(arrows: Sequence[Arrow]) -> list[list[Place]]:
    """A node is as deep as its longest way from a source; its labels stand just before it."""
    columns: dict[str, int] = {}
    for source, target, label in arrows:
        least = columns.setdefault(source, 0) + (2 if label else 1)
        columns[target] = max(columns.get(target, 0), least)
    routes = []
    for i, (source, target, label) in enumerate(arrows):
        first, last = columns[source], columns[target]
        between = [Place(c, label if c == last - 1 else "", i) for c in range(first + 1, last)]
        routes.append([Place(first, source), *between, Place(last, target)])
    return routes


def heights_of(routes: Sequence[Sequence[Place]], rng: random.Random) -> dict[Place, float]:
    """The heights that igraph finds when the places are given in a random order."""
    from igraph import Graph  # late, for those who only want the names of the nodes

    steps = [step for route in routes for step in pairwise(route)]
    graph = Graph.TupleList(rng.sample(steps, len(steps)), directed=True)
    places = graph.vs["name"]
    found = graph.layout_sugiyama([place.column for place in places], maxiter=SWEEPS)
    return {place: height for place, (height, _) in zip(places, found, strict=True)}


def untidy(routes: Sequence[Sequence[Place]], heights: dict[Place, float]) -> tuple[int, float]:
    """How often edges cross, and how steeply they rise and fall."""
    steps = [(a.column, heights[a], heights[b]) for route in routes for a, b in pairwise(route)]
    crossings = sum(
        gap == other and (a - c) * (b - d) < 0
        for (gap, a, b), (other, c, d) in combinations(steps, 2)
    )
    return crossings, sum((a - b) ** 2 for _, a, b in steps)
