"""What each run of a row cost: its searches and its trainings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sernas.base.costs import Cost, total
from sernas.base.files import read_json
from sernas.reporting.result_files import RunOf, run_of
from sernas.systems.card import SYSTEMS


def read_costs(
    training: Iterable[str | Path], search: Iterable[str | Path]
) -> dict[tuple[str, str], list[Cost]]:
    """The cost of each run by (system, strategy), its search and that of its parts included.

    Args:
        training: files of :func:`run_of`, of all rows.
        search: the same of what was searched, for the table or for systems of several streams.
    """
    searched = {run_of(path): read_json(path) for path in search}
    costs: dict[tuple[str, str], list[Cost]] = {}
    for path in training:
        run = run_of(path)
        own = [searched[each] for each in _searches_of(run) if each in searched]
        costs.setdefault((run.system, run.strategy), []).append(total([read_json(path), *own]))
    return costs


def _searches_of(run: RunOf) -> list[RunOf]:
    parts = SYSTEMS[run.system].parts if run.system in SYSTEMS else ()
    return [run._replace(system=system) for system in parts or (run.system,)]
