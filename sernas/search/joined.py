"""Architectures of several streams, joined from those found for each stream alone. Light.

Sun et al. 2022 search each stream by itself; the streams are then trained together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from sernas.base.files import read_json, write_text
from sernas.settings.space import SpaceSettings
from sernas.space.choices import Architecture
from sernas.systems.card import search_space


def join_architectures(
    system: str, found: Sequence[Sequence[Architecture]], settings: SpaceSettings
) -> list[dict[str, str]]:
    """The architectures of ``system`` that have all layers of those of its parts.

    Args:
        found: the architectures of each part; the first of each are joined, then the second.
        settings: the readings of the search space.

    Raises:
        SettingsError: together they are no architecture of ``system``.
    """
    space = search_space(system, settings)
    joined = []
    for parts in zip(*found, strict=True):
        together = {layer: name for part in parts for layer, name in part.items()}
        space.only(together)
        joined.append(together)
    return joined


def join_folds(
    system: str,
    found: Sequence[str | Path],
    settings: SpaceSettings,
    architectures: Sequence[str | Path],
) -> None:
    """Join what was found for the parts of ``system`` in each fold.

    Args:
        found: JSON files, of each part all folds.
        architectures: a JSON file a fold.
    """
    folds = len(architectures)
    read = [read_json(path) for path in found]
    for fold, path in enumerate(architectures):
        joined = join_architectures(system, read[fold::folds], settings)
        write_text(path, json.dumps(joined, indent=1))
