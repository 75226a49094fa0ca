"""Architectures by which the ranks that searches give are judged, of no strategy's choice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from sernas.base.files import write_text
from sernas.base.seeds import rng_of
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace
from sernas.systems.card import search_space

RANKED = "ranked"
"""What stands for a strategy where they are trained alone."""


def ranked_architectures(
    system: str, space: SearchSpace, count: int, seed: int
) -> list[dict[str, str]]:
    """Some drawn uniformly, none twice; of a space that has no more, all.

    Args:
        system: whose space it is; its strategies, folds and runs have the same ones.
        seed: of the experiment.
    """
    rng, drawn = rng_of(seed, "ranked", system), []
    while len(drawn) < min(count, space.size):
        architecture = space.draw(rng)
        if architecture not in drawn:
            drawn.append(architecture)
    return drawn


def write_ranked(
    systems: Iterable[str],
    count: int,
    settings: SpaceSettings,
    seed: int,
    architectures: Sequence[str | Path],
) -> None:
    """Write those of some systems, a JSON list a file.

    Args:
        settings: the readings of the search space.
        seed: of the experiment.
        architectures: of each system as many files, which are alike.
    """
    systems = list(systems)
    each = len(architectures) // len(systems)
    for n, system in enumerate(systems):
        drawn = ranked_architectures(system, search_space(system, settings), count, seed)
        for path in architectures[n * each : (n + 1) * each]:
            write_text(path, json.dumps(drawn, indent=1))
