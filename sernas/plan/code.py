"""The code that a rule's result depends on: its script's, and that of the cards it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sernas.base.digests import Code, code_digest, code_of_card
from sernas.corpora.registry import CORPORA
from sernas.experiments.experiment import EXPERIMENTS
from sernas.search.strategy import STRATEGIES, trainer_of
from sernas.settings.space import SpaceSettings
from sernas.systems.card import SYSTEMS
from sernas.systems.code import code_of_system

About = Iterable[Code] | Callable[[Any], Iterable[Code]]
"""Code besides a script's, or what says it of the wildcards."""


def rule_code(script: Path, *about: About) -> Callable[[Any], str]:
    """What a rule gives as a parameter so that an edit of its code redoes it.

    Cards, and what they name, are found while a script runs: its imports do not tell of them.

    Args:
        script: of the rule.
        about: what else it runs.
    """

    def code(wildcards: Any) -> str:
        more = [each for some in about for each in (some(wildcards) if callable(some) else some)]
        return code_digest(script, *more)

    return code


def of_corpus(name: str) -> list[Code]:
    """What a manifest follows from."""
    return ["sernas.corpora.prepared", CORPORA.source(name)]


def of_system(settings: SpaceSettings) -> Callable[[Any], tuple[Code, ...]]:
    """A job's system: its card, what builds it, and its operations, by the readings of spaces."""
    return lambda wildcards: code_of_system(wildcards.system, settings)


def of_strategy(wildcards: Any) -> tuple[Code, ...]:
    """A strategy."""
    return code_of_card(STRATEGIES, wildcards.strategy)


def of_trainer(wildcards: Any) -> list[Code]:
    """What trains the architectures of a row."""
    module, _, _ = trainer_of(wildcards.system, wildcards.strategy).partition(":")
    return [module]


def of_rows(rows: Iterable[tuple[str, str]]) -> list[Code]:
    """What the architectures of some rows are drawn by: strategies, and the systems' cards."""
    files = [(SYSTEMS.source(system), STRATEGIES.source(strategy)) for system, strategy in rows]
    return list(dict.fromkeys(file for row in files for file in row))


def of_systems(rows: Iterable[tuple[str, str]]) -> list[Code]:
    """What the search spaces of the systems of some rows follow from."""
    return [SYSTEMS.source(system) for system, _ in rows]


def of_names() -> list[Code]:
    """What systems are called, and how tables are ordered."""
    return [registry.source(name) for registry in (EXPERIMENTS, SYSTEMS) for name in registry]
