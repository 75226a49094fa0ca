"""The systems by name. A new one is a file, :func:`register`, and a space of the same name."""

from __future__ import annotations

SYSTEMS: dict[str, type] = {}


def register(name: str):
    """Class decorator that adds a system under ``name``."""

    def add(system: type) -> type:
        SYSTEMS[name] = system
        return system

    return add
