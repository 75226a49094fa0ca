import random
from itertools import combinations, pairwise

import numpy as np
from sklearn.isotonic import isotonic_regression

from sernas.reporting.layered import Arrow, crossings, lay_out, ordered, rising, routes_of

ROOM = {"node": 1.0, "label": 0.5, "pass": 0.2}
ARROWS = [Arrow("a", "c", "x"), Arrow("b", "c", "y"), Arrow("c", "d", "z"), Arrow("a", "d", "x")]


def test_an_edge_has_a_place_in_every_column_and_its_label_before_its_target():
    routes = routes_of(ARROWS)
    assert [[place.name for place in route] for route in routes] == [
        ["a", "x", "c"],
        ["b", "y", "c"],
        ["c", "z", "d"],
        ["a", "", "", "x", "d"],
    ]
    for route in routes:
        assert all(b.column == a.column + 1 for a, b in pairwise(route))


def test_places_of_a_column_have_their_room():
    heights = lay_out(ARROWS, ROOM).heights
    for a, b in combinations(heights, 2):
        if a.column == b.column:
            needs = [ROOM["node" if p.arrow < 0 else "label" if p.name else "pass"] for p in (a, b)]
            assert abs(heights[a] - heights[b]) >= sum(needs) / 2 - 1e-9


def test_what_can_be_drawn_without_crossings_is():
    layout = lay_out(ARROWS, ROOM)
    columns = [[] for _ in range(5)]
    for place in sorted(layout.heights, key=layout.heights.get):
        columns[place.column].append(place)
    assert crossings(columns, layout.routes) == 0
    both = [Arrow(s, t, "") for s in "ab" for t in "cd"]  # which cannot
    assert crossings(ordered(routes_of(both), random.Random(0)), routes_of(both)) == 1


def test_crossings_are_counted():
    routes = routes_of([Arrow("a", "c", ""), Arrow("b", "d", "")])
    (a, ac, c), (b, bd, d) = routes
    assert crossings([[a, b], [ac, bd], [c, d]], routes) == 0
    assert crossings([[a, b], [bd, ac], [c, d]], routes) == 2
    assert crossings([[a, b], [ac, bd], [d, c]], routes) == 1


def test_rising_is_isotonic_regression():
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 7, 12):
        wanted, weights = rng.normal(size=n), rng.uniform(0.5, 5, size=n)
        expected = isotonic_regression(wanted, sample_weight=weights)
        np.testing.assert_allclose(rising(wanted, weights), expected, atol=1e-12)
