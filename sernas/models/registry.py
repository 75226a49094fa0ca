"""The systems by name. A new one is a file, :func:`register`, and a space of the same name."""

from __future__ import annotations

from collections.abc import Callable

from sernas.models.system import System
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace

Inputs = tuple[tuple[int, int], ...]
"""(channels, bins) of each stream: (1, F) of a spectrogram, (L, D) of a speech model's layers."""

Builder = Callable[[SearchSpace, Inputs, int, SpaceSettings], System]
"""Takes the search space, the size of each input, the number of emotions and the readings of the
search space; a system's class, for instance."""

SYSTEMS: dict[str, Builder] = {}


def register(name: str):
    """Decorator that adds what builds a system under ``name``."""

    def add(system: Builder) -> Builder:
        SYSTEMS[name] = system
        return system

    return add
