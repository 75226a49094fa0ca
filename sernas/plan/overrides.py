"""How an experiment, or a variant of one, changes the configuration."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sernas.experiments.experiment import EXPERIMENTS, Experiment, others
from sernas.features.stream import STREAMS
from sernas.plan.schema import VARIANTS

CHOSEN = "experiment"
"""A key that no user writes: which experiment a configuration has been changed for, or the folder
of the variant."""
BORROWED = "borrowed"
"""A like key: the streams whose stores a variant has from the configuration."""


def changed_for(experiment: Experiment, config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of an experiment: ``config``, but for what its card changes, and then for
    what the section of its name says. Its results are in a folder of their own."""
    changed = merged(merged(config, experiment.changes), config.get(experiment.name) or {})
    return _moved(changed, experiment.folder, experiment.name)


def variants_of(config: Mapping[str, Any]) -> list[str]:
    """The names of the variants of a configuration."""
    return list(config.get(VARIANTS) or {})


def varied(variant: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a variant: ``config``, but for what the variant says."""
    changed, folder = merged(config, config[VARIANTS][variant] or {}), f"{VARIANTS}/{variant}"
    sections = {name: stream.section for name, stream in STREAMS.items()}
    same = [name for name, of in sections.items() if of is None or changed[of] == config[of]]
    return _moved(changed, folder, folder) | {BORROWED: same}


def _moved(config: dict[str, Any], folder: str, chosen: str) -> dict[str, Any]:
    """The same with results in a folder, and no section that changes it once more."""
    for section in (*(other.name for other in others()), VARIANTS):
        config.pop(section, None)
    results = f"{config['pathvars']['results']}/{folder}"
    return config | {"pathvars": {"results": results}, CHOSEN: chosen}


def chosen(config: dict[str, Any], main: Experiment) -> Experiment:
    """The experiment that a configuration has been changed for, which it then no longer says. A
    variant is the main experiment in another folder."""
    name = config.pop(CHOSEN, main.name)
    return EXPERIMENTS[name] if name in EXPERIMENTS else replace(main, folder=name)


def borrowed(config: dict[str, Any]) -> list[str]:
    """The streams whose stores are not made anew, which the configuration then no longer says."""
    return config.pop(BORROWED, [])


def section_of(experiment: Experiment) -> str:
    """What a configuration says of an experiment alone; empty: of the main one."""
    return experiment.folder and (
        experiment.name if EXPERIMENTS[experiment.name].folder else experiment.folder
    )


def merged(config: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``config`` with single keys of its sections changed; neither is changed itself."""
    result = copy.deepcopy(dict(config))
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if both else copy.deepcopy(value)
    return result
