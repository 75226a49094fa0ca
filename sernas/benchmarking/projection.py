"""How long a table of IEMOCAP takes on one device, from what its epochs take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import yaml

from sernas.base.digests import PACKAGE
from sernas.benchmarking.noise_corpus import SECONDS, counts
from sernas.benchmarking.options import Options
from sernas.benchmarking.timing import table
from sernas.experiments.experiment import EXPERIMENTS
from sernas.plan.configuration import Settings, configure
from sernas.plan.overrides import changed_for, chosen, merged
from sernas.search.strategy import STRATEGIES, Ranking, Stage, SupernetStrategy
from sernas.systems.card import SYSTEMS, search_space

CONFIG = PACKAGE.parent / "config"
TRAINING = "training"
RATE = "segments/s"


def protocol_of(experiment: str, changes: Mapping[str, Any]) -> Settings:
    """The settings of an experiment by ``config/iemocap.yaml``, and by ``changes`` of it."""
    read = (yaml.safe_load((CONFIG / f"{name}.yaml").read_text()) for name in ("config", "iemocap"))
    config, card = merged(*read) | {"corpus_root": "."}, EXPERIMENTS[experiment]
    if card.folder:
        config = changed_for(card, config)
        chosen(config, card)
    return configure(merged(config, changes))


def searches(settings: Settings, system: str) -> list[str]:
    """The strategies of the table that train a supernet, where ``system`` has one."""
    space = search_space(system, settings.space)
    strategies = dict.fromkeys(strategy for _, strategy in settings.rows)
    return [
        each
        for each in strategies
        if isinstance(card := STRATEGIES[each], SupernetStrategy) and card.applies(space)
    ]


def role_of(stage: Stage | Ranking) -> str:
    """Whose segments an epoch of a stage runs over."""
    return stage.updates[-1].role if stage.updates else "validation"


def segments_of_iemocap(settings: Settings) -> dict[str, float]:
    """Segments of a role in a fold of scheme ``session``, estimated: an utterance of mean length
    has as many as it has hops, and half of one more."""
    total = sum(counts(settings.corpus.emotions).values())
    hop = settings.folds.segment_s - settings.folds.overlap_s
    total *= sum(SECONDS) / 2 / hop + 0.5
    sessions = settings.folds.count
    return {"train": total * (sessions - 1) / sessions, "validation": total / sessions / 2}


def projected(
    rows: pd.DataFrame,
    benchmark: str,
    settings: Settings,
    measured: Sequence[str],
    options: Options,
    until: float,
) -> pd.DataFrame:
    """The row of the hours of all of a table; those of evaluation, minutes, are left out."""
    [title] = [each.title for each in EXPERIMENTS.values() if benchmark == f"epochs_{each.table}"]
    times = {"projected": [seconds_of_table(rows, settings, measured)]}
    return table(benchmark, title, times, "h", "projected", scale=1 / 3600, **options.place)


def seconds_of_table(rows: pd.DataFrame, settings: Settings, measured: Sequence[str]) -> float:
    """All trainings and searches of a table, one after the other.

    Args:
        rows: with the segments a second of each kind of epoch of each of ``measured``. Another
            system counts as one of these that has as many cells.
    """
    segments, total = segments_of_iemocap(settings), 0.0
    for system, strategy in settings.rows:
        own, card = settings.of(system), STRATEGIES[strategy]
        epochs = card.training_epochs(settings.random_candidates, own.training.epochs)
        kinds = [(TRAINING, epochs, "train")]
        if isinstance(card, SupernetStrategy):
            kinds += [
                (f"{strategy}, {stage.name}", stage.epochs, role_of(stage))
                for stage in card.stages(settings.search)
            ]
        like = alike(system, measured)
        total += sum(
            epochs * segments[role] / rate_of(rows, like, kind) for kind, epochs, role in kinds
        )
    return total * len(settings.folds.numbers) * len(settings.seeds_of_runs)


def alike(system: str, measured: Sequence[str]) -> str:
    """``system``, or the first of ``measured`` with as many cells."""
    if system in measured:
        return system
    cells = {each: SYSTEMS[each].arguments.get("cells") for each in (system, *measured)}
    return next(each for each in measured if cells[each] == cells[system])


def rate_of(rows: pd.DataFrame, system: str, kind: str) -> float:
    """Segments a second.

    Raises:
        LookupError: they were not measured.
    """
    title = SYSTEMS[system].title
    of_system = rows["size"].str.match(rf"{title}, \d+ bins")
    found = rows[of_system & (rows["variant"] == kind) & (rows["unit"] == RATE)]
    if found.empty:
        raise LookupError(f"expected the epochs of {title}, {kind}, found none")
    return float(found["median"].iloc[0])
