"""What the registries hold, for schema and key table."""

from __future__ import annotations

from sernas.corpora.registry import CORPORA
from sernas.search.strategies import STRATEGIES
from sernas.space.registry import SPACES

EXPERIMENTS = ("darts", "two_stream")
"""Those that have a section of the configuration."""


def registered() -> dict[str, list[str]]:
    """The names in each registry, by what the fields of the settings call it."""
    return {"systems": list(SPACES), "strategies": list(STRATEGIES), "corpora": list(CORPORA)}
