"""The architectures of strategies that need no supernet. Light."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from sernas.base.files import write_text
from sernas.base.seeds import rng_of
from sernas.search.strategy import STRATEGIES
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space


def draw_architectures(
    rows: Sequence[tuple[str, str]],
    numbers: Sequence[int],
    folds: Sequence[int],
    space: SpaceSettings,
    seed: int,
    architectures: Sequence[str | Path],
) -> None:
    """Write the candidates of each (system, strategy) and fold, a JSON list a file.

    Args:
        numbers: how many, of each row.
        seed: of the runs; each file has draws of its own.
        architectures: the files, of each row all folds.
    """
    units = product(zip(rows, numbers, strict=True), folds)
    for (((system, strategy), n), fold), path in zip(units, architectures, strict=True):
        rng = rng_of(seed, "draw", system, strategy, fold)
        own = search_space(system, space)
        drawn = STRATEGIES[strategy].candidates(own, n, rng)
        write_text(path, json.dumps(drawn, indent=1))
