"""How an experiment changes the configuration."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sernas.experiments.experiment import EXPERIMENTS, Experiment, others

CHOSEN = "experiment"
"""A key that no user writes: which experiment a configuration has been changed for."""


def changed_for(experiment: Experiment, config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of an experiment: ``config``, but for what its card changes, and then for
    what the section of its name says. Its results are in a folder of their own."""
    changed = merged(merged(config, experiment.changes), config.get(experiment.name) or {})
    for other in others():
        changed.pop(other.name, None)
    results = config["pathvars"]["results"]
    return changed | {
        "pathvars": {"results": f"{results}/{experiment.folder}"},
        CHOSEN: experiment.name,
    }


def chosen(config: dict[str, Any], main: Experiment) -> Experiment:
    """The experiment that a configuration has been changed for, which it then no longer says."""
    return EXPERIMENTS[config.pop(CHOSEN, main.name)]


def merged(config: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``config`` with single keys of its sections changed; neither is changed itself."""
    result = copy.deepcopy(dict(config))
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    return result
