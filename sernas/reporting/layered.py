"""Where to draw a graph whose edges have labels, so that nothing lies on anything else.

Nodes stand in columns by their depth, and labels in columns between them. An edge goes from column
to column, through a place of its own in each, and turns in the gaps alone, where nothing stands.
After Sugiyama et al. 1981: the order within the columns is that of few crossings, the heights are
those of short edges.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

STARTS, SWEEPS = 40, 6
ROUGH, FINE = 10, 300  # rounds of finding heights, to compare orders and to draw
STRAIGHT = 6  # times as much as elsewhere an edge is kept level where it passes


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


def lay_out(arrows: Sequence[Arrow], room: dict[str, float]) -> Layout:
    """Lay out a graph without cycles.

    Args:
        arrows: the edges, at least one.
        room: how much of a column's height a "node", a "label" and a "pass" take.

    Returns:
        The layout with the first arrow's source above the other sources.
    """
    routes = routes_of(arrows)
    rng, best = random.Random(0), None
    for _ in range(STARTS):
        columns = ordered(routes, rng)
        found = crossings(columns, routes)
        if best is None or found <= best[0]:
            heights = heights_of(columns, routes, room, ROUGH)
            length = sum(
                abs(heights[a] - heights[b]) for route in routes for a, b in pairwise(route)
            )
            if best is None or (found, length) < best[:2]:
                best = (found, length, columns)
    heights = heights_of(best[2], routes, room, FINE)
    first = routes[0][0]
    if any(heights[place] > heights[first] for place in best[2][0]):
        heights = {place: -height for place, height in heights.items()}
    return Layout(routes, heights)


def routes_of(arrows: Sequence[Arrow]) -> list[list[Place]]:
    """A node is as deep as its longest way from a source; its labels stand just before it."""
    nodes = list(dict.fromkeys(node for arrow in arrows for node in (arrow.source, arrow.target)))
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for arrow in arrows:
            depth[arrow.target] = max(depth[arrow.target], depth[arrow.source] + 1)
    routes = []
    for i, (source, target, label) in enumerate(arrows):
        first, last = 2 * depth[source], 2 * depth[target]
        between = [Place(c, label if c == last - 1 else "", i) for c in range(first + 1, last)]
        routes.append([Place(first, source), *between, Place(last, target)])
    return routes


def ordered(routes: Sequence[Sequence[Place]], rng: random.Random) -> list[list[Place]]:
    """The places of each column from below, from a random order sorted by their neighbours'."""
    columns = [[] for _ in range(1 + max(place.column for route in routes for place in route))]
    for place in dict.fromkeys(place for route in routes for place in route):
        columns[place.column].append(place)
    for column in columns:
        rng.shuffle(column)
    neighbours = neighbours_of(routes)
    tried = []
    for _ in range(SWEEPS):
        for step in (-1, 1):  # by the columns before, then by those behind
            for column in columns[:: -step or 1]:
                rank = {p: i / len(c) for c in columns for i, p in enumerate(c)}

                def middle(place, rank=rank, step=step):
                    near = [rank[n] for n in neighbours[place] if n.column == place.column + step]
                    return sum(near) / len(near) if near else rank[place]

                column.sort(key=middle)
        tried.append((crossings(columns, routes), [list(column) for column in columns]))
    return min(tried, key=lambda found: found[0])[1]


def neighbours_of(routes: Sequence[Sequence[Place]]) -> dict[Place, list[Place]]:
    """The places before and behind each."""
    neighbours = {place: [] for route in routes for place in route}
    for route in routes:
        for a, b in pairwise(route):
            neighbours[a].append(b)
            neighbours[b].append(a)
    return neighbours


def crossings(columns: Sequence[Sequence[Place]], routes: Sequence[Sequence[Place]]) -> int:
    """How often edges cross."""
    rank = {place: i for column in columns for i, place in enumerate(column)}
    gaps = {}
    for route in routes:
        for a, b in pairwise(route):
            gaps.setdefault(a.column, []).append((rank[a], rank[b]))
    return sum(
        (a - c) * (b - d) < 0
        for segments in gaps.values()
        for (a, b), (c, d) in combinations(segments, 2)
    )


def heights_of(
    columns: Sequence[Sequence[Place]],
    routes: Sequence[Sequence[Place]],
    room: dict[str, float],
    rounds: int,
) -> dict[Place, float]:
    """Heights that keep the order and give each place its room, near those of its neighbours."""
    pulls = {
        place: [(n, STRAIGHT ** ((place.arrow >= 0) + (n.arrow >= 0))) for n in near]
        for place, near in neighbours_of(routes).items()
    }
    forces = {place: sum(pull for _, pull in near) for place, near in pulls.items()}
    least, heights = {}, {}  # heights in a column without gaps, from below
    for column in columns:
        top = 0.0
        for place in column:
            need = room["node" if place.arrow < 0 else "label" if place.name else "pass"]
            least[place], top = top + need / 2, top + need
        heights |= {place: least[place] - top / 2 for place in column}
    for _ in range(rounds):
        for column in columns:
            wanted = [
                sum(pull * heights[n] for n, pull in pulls[p]) / forces[p] - least[p]
                for p in column
            ]
            kept = rising(wanted, [forces[p] for p in column])
            heights |= {p: least[p] + gap for p, gap in zip(column, kept, strict=True)}
    return heights


def rising(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The numbers nearest to those wanted, by weighted squares, of which none is less than the one
    before: neighbours that are not in order share their mean."""
    blocks = []  # mean, weight, how many
    for block in zip(wanted, weights, [1] * len(wanted), strict=True):
        blocks.append(block)
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (a, w, n), (b, v, m) = blocks.pop(-2), blocks.pop()
            blocks.append(((a * w + b * v) / (w + v), w + v, n + m))
    return [mean for mean, _, n in blocks for _ in range(n)]
