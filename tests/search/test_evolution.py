"""Which paths an evolutionary search scores, and which it finds."""

import random
from itertools import product
from statistics import mean

import pytest

from sernas.search.evolution import Evolution
from sernas.search.strategy import Ranking
from sernas.space.choices import Choice, SearchSpace

SPACE = SearchSpace(tuple(Choice(f"layer_{i}", tuple("abcdef")) for i in range(4)))
TARGET = dict(zip(SPACE.layers, "cafe", strict=True))
PATHS = [dict(zip(SPACE.layers, names, strict=True)) for names in product("abcdef", repeat=4)]


def loss(architecture):
    """Grows with the distance from the target in each layer, which interact in pairs."""
    away = [abs(ord(architecture[k]) - ord(TARGET[k])) for k in SPACE.layers]
    return sum(away) + 0.3 * away[0] * away[1]


def found(ranking, seed, space=SPACE, loss=loss):
    scored = []

    def counted(architecture):
        scored.append(tuple(architecture.values()))
        return loss(architecture)

    evolution = Evolution(space, random.Random(seed))
    best = []
    for _ in range(ranking.epochs):
        before = len(scored)
        average = evolution.generation(ranking, counted)
        generation = [dict(zip(space.layers, n, strict=True)) for n in scored[before:]]
        assert average == (pytest.approx(mean(map(loss, generation))) if generation else None)
        best.append(evolution.least)
    return evolution, best, scored


def test_evolution_finds_the_best_path_that_brute_force_finds():
    ranking = Ranking(epochs=12, population=20)
    assert min(PATHS, key=loss) == TARGET
    for seed in range(5):
        evolution, best, scored = found(ranking, seed)
        assert evolution.best() == [TARGET]
        assert best == sorted(best, reverse=True)
        assert best[-1] == 0
        assert len(scored) == len(set(scored)) <= 240 < len(PATHS) / 5


def test_descendants_of_the_best_are_better_than_paths_drawn():
    drawn, evolved = (
        [found(Ranking(6, 20, evolving), seed)[1][-1] for seed in range(10)]
        for evolving in (False, True)
    )
    assert sum(evolved) < sum(drawn) / 2


def test_a_ranking_without_evolution_draws_each_candidate_alike():
    _, _, scored = found(Ranking(10, 60, evolving=False), 0)
    assert len(set(scored)) == 600
    for position, name in product(range(4), "abcdef"):
        assert sum(names[position] == name for names in scored) == pytest.approx(100, abs=40)


def test_a_small_space_is_scored_whole_and_no_path_twice():
    space = SearchSpace((Choice("x", ("a", "b")), Choice("y", ("a", "b", "c"))))
    evolution, best, scored = found(Ranking(4, 5), 0, space, lambda a: float(ord(a["y"])))
    assert sorted(scored) == list(product("ab", "abc"))
    assert len(best) == 4
    assert evolution.best()[0]["y"] == "a"


def test_shares_are_of_the_parents():
    ranking = Ranking(1, 10)
    assert ranking.parents == 2
    evolution, _, _ = found(ranking, 0)
    parents, shares = evolution.best(2), evolution.shares(ranking)
    for layer in SPACE.layers:
        expected = [sum(p[layer] == name for p in parents) / 2 for name in "abcdef"]
        assert shares[layer] == expected
