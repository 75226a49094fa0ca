"""Who trains, validates and tests in each fold, as a table and as a file that one can read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sernas.base.errors import FoldError
from sernas.base.files import read_csv, write_csv
from sernas.base.reading import reading
from sernas.folds.advice import remedies
from sernas.folds.cast import Cast
from sernas.folds.checks import COLUMNS, ROLES, MisfitError, check_split
from sernas.folds.schemes import deal
from sernas.settings.folds import FoldSettings


def make_folds(
    index: pd.DataFrame,
    settings: FoldSettings,
    emotions: Sequence[str],
    left_out: pd.DataFrame | None = None,
) -> dict[int, pd.DataFrame]:
    """The splits by fold number: every utterance of ``index`` with its role. Whoever tests in an
    outer fold is in none of its inner ones.

    ``index`` has columns ``utterance,speaker,session,gender,emotion``, a split has
    ``utterance,speaker,session,emotion,role`` with role train, validation or test. ``left_out``
    holds labelled utterances that are missed for their audio:
    ``utterance,path,speaker,emotion,reason``. Raises :class:`FoldError` if the corpus does not fit
    the settings, and says what helps; or if a split fails :func:`check_split`.
    """
    cast = Cast(index, tuple(emotions))
    try:
        dealt = deal(cast, settings)
    except MisfitError as misfit:
        raise FoldError(f"{misfit}; {remedies(misfit, cast, settings, left_out)}") from None
    folds = {}
    for fold, speakers in dealt.items():
        roles = {speaker: role for role in ROLES for speaker in speakers[role]}
        among = index[index["speaker"].isin(roles)]
        folds[fold] = among.assign(role=among["speaker"].map(roles))[[*COLUMNS]]
        check_split(folds[fold], emotions, f"fold {fold}")
    return folds


def write_split(split: pd.DataFrame, path: str | Path) -> None:
    """Write a split as CSV, whole or not at all."""
    write_csv(split[[*COLUMNS]], path)


def read_split(path: str | Path, emotions: Sequence[str]) -> pd.DataFrame:
    """Read a split and check it again, for files can be edited.

    Raises :class:`FoldError` if it is missing, is no such table, or fails :func:`check_split`.
    """
    with reading(path, "a split as CSV", FoldError):
        split = read_csv(path)
        # what pandas makes of rows with a field too many in all of them, or too few in one
        if not isinstance(split.index, pd.RangeIndex) or split.isna().any(axis=None):
            raise ValueError("rows of different lengths")
    if tuple(split.columns) != COLUMNS:
        raise FoldError(
            f"{path}: expected columns {','.join(COLUMNS)}, found {','.join(split.columns)}; "
            "delete it and run again"
        )
    check_split(split, emotions, str(path))
    return split
