"""What the registries hold, for schema and key table."""

from __future__ import annotations

from sernas.corpora.registry import CORPORA
from sernas.experiments.experiment import in_paper_order, others
from sernas.plan.schema import Names, Schema, config_schema
from sernas.search.strategy import STRATEGIES
from sernas.systems.card import SYSTEMS


def registered() -> Names:
    """The names in each registry, and what each is, by what the fields of the settings call it."""
    pairs = [(system, strategy) for system in SYSTEMS for strategy in STRATEGIES]
    systems, strategies = zip(*in_paper_order(pairs), strict=True)
    return {
        "systems": {name: SYSTEMS[name].title for name in dict.fromkeys(systems)},
        "strategies": {name: STRATEGIES[name].how for name in dict.fromkeys(strategies)},
        "corpora": {name: CORPORA[name].about for name in sorted(CORPORA)},
    }


def known_schema() -> Schema:
    """The schema of a configuration with these names, and a section for each other experiment."""
    return config_schema(registered(), [experiment.name for experiment in others()])
