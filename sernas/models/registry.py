"""The systems by name. A new one is a file, :func:`register`, and a space of the same name."""

from __future__ import annotations

from collections.abc import Callable

from sernas.models.system import System
from sernas.settings import SpaceSettings
from sernas.space.choices import SearchSpace

Builder = Callable[[SearchSpace, int, int, SpaceSettings], System]
"""Takes the search space, the rows F of the spectrogram, the number of emotions and the readings of
the search space; a system's class, for instance."""

SYSTEMS: dict[str, Builder] = {}


def register(name: str):
    """Decorator that adds what builds a system under ``name``."""

    def add(system: Builder) -> Builder:
        SYSTEMS[name] = system
        return system

    return add
