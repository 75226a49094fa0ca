"""What the registries hold, for schema and key table."""

from __future__ import annotations

from sernas.corpora.registry import CORPORA
from sernas.experiments.experiment import others
from sernas.plan.schema import Schema, config_schema
from sernas.search.strategy import STRATEGIES
from sernas.systems.card import SYSTEMS


def registered() -> dict[str, list[str]]:
    """The names in each registry, by what the fields of the settings call it."""
    return {"systems": list(SYSTEMS), "strategies": list(STRATEGIES), "corpora": list(CORPORA)}


def known_schema() -> Schema:
    """The schema of a configuration with these names, and a section for each other experiment."""
    return config_schema(registered(), [experiment.name for experiment in others()])
