"""Architectures of several streams, joined from those found for each stream alone. Light.

Sun et al. 2022 search each stream by itself; the streams are then trained together.
"""

from __future__ import annotations

from collections.abc import Sequence

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
