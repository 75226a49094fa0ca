"""The files that tables and figures are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sernas.base.errors import FoldError
from sernas.base.files import read_json
from sernas.base.reading import reading

NAMES = ("utterance", "speaker", "emotion", "predicted")

Utterance = tuple[str, str, str]
"""(utterance, speaker, emotion)."""


def read_folds(paths: Iterable[str | Path]) -> dict[tuple[str, str], list[pd.DataFrame]]:
    """CSV files of :func:`run_of` by system and strategy, a run each, in order.

    Columns ``seed`` and ``fold`` are added.
    """
    tables: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for path in map(Path, paths):
        run = run_of(path)
        table = _read(path).assign(seed=run.seed, fold=run.fold)
        tables.setdefault((run.system, run.strategy), []).append(table)
    return tables


class RunOf(NamedTuple):
    """Which run of which row a file is of."""

    system: str
    strategy: str
    seed: int
    fold: int


def run_of(path: str | Path) -> RunOf:
    """That of a file ``.../<system>/<strategy>/seed<n>/fold<k>.csv``; ``<k>_more.csv`` too."""
    system, strategy, seed, name = Path(path).parts[-4:]
    fold = name.removeprefix("fold").partition(".")[0].partition("_")[0]
    return RunOf(system, strategy, int(seed.removeprefix("seed")), int(fold))


def read_predictions(
    paths: Iterable[str | Path], splits: Iterable[str | Path]
) -> dict[tuple[str, str], list[pd.DataFrame]]:
    """Predictions as :func:`read_folds` has them, of just the utterances that their folds test.

    Raises:
        FoldError: a table holds others, or an utterance or a speaker is tested in two folds among
            the same speakers.
    """
    tested = tested_utterances(splits)
    paths = list(map(Path, paths))
    for path in paths:
        check_predictions(path, tested)
    return read_folds(paths)


def tested_utterances(splits: Iterable[str | Path]) -> dict[str, list[Utterance]]:
    """The sorted test utterances of each split, by the name of its file, ``fold<k>.csv``.

    Raises:
        FoldError: a speaker is tested in two folds among the same speakers. Inner folds of
            different outer ones are among others.
    """
    tested = {}
    fold_of: dict[tuple[frozenset[str], str], str] = {}
    for path in map(Path, splits):
        split = _read(path)
        tests, among = split.query("role == 'test'"), frozenset(split["speaker"])
        tested[path.name] = sorted(_utterances(tests))
        for speaker in sorted(set(tests["speaker"])):
            first = fold_of.setdefault((among, speaker), path.name)
            if first != path.name:
                raise FoldError(
                    f"folds: expected each speaker to test in one fold, found {speaker} in "
                    f"{first} and {path.name}; delete the folder of the folds and run again"
                )
    return tested


def check_predictions(path: str | Path, tested: Mapping[str, list[Utterance]]) -> None:
    """Refuse predictions of other utterances than their fold tests.

    Args:
        path: a file ``.../fold<k>.csv``.
        tested: see :func:`tested_utterances`.

    Raises:
        FoldError: an utterance is lost, strange, wrong or there twice.
    """
    path = Path(path)
    found, wanted = _utterances(_read(path)), tested[path.name]
    if sorted(found) != wanted:
        strange = sorted({utterance for utterance, *_ in set(found) ^ set(wanted)})
        what = f"the first lost, wrong or strange: {strange[0]}" if strange else "some twice"
        raise FoldError(
            f"{path}: expected each of the {len(wanted)} test utterances of {path.stem} once, "
            f"found {len(found)} rows ({what}); delete the file and run again"
        )


def _utterances(table: pd.DataFrame) -> list[Utterance]:
    """What the split says of each row too."""
    return list(table[list(NAMES[:3])].itertuples(index=False, name=None))


def _read(path: Path) -> pd.DataFrame:
    """Blank cells are missing; a speaker may be called NA, and an emotion 1."""
    names = dict.fromkeys(NAMES, str)
    with reading(path, "a table as CSV", FoldError):
        return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=names)


def read_summaries(paths: Iterable[str | Path]) -> list[dict]:
    """What training says of each fold's network.

    ``system, strategy, seed, fold, params, architecture, validation_wa, epoch``, ``device``, the
    name of the GPU or the model of the processor, ``precision`` and ``on_both`` of the training.
    """
    return [read_json(path) for path in paths]
