"""The files that tables and figures are made from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd


def read_folds(paths: Iterable[str | Path]) -> dict[tuple[str, str], list[pd.DataFrame]]:
    """CSV files ``.../<system>/<nas>/fold<k>.csv``, by (system, strategy), the folds in order."""
    tables: dict[tuple[str, str], list[pd.DataFrame]] = {}
    for path in map(Path, paths):
        system, nas = path.parts[-3:-1]
        tables.setdefault((system, nas), []).append(_read(path))
    return tables


def _read(path: Path) -> pd.DataFrame:
    """Blank cells are missing; a speaker may be called NA."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def read_summaries(paths: Iterable[str | Path]) -> list[dict]:
    """What training says of each fold's network: ``system, nas, fold, params, architecture``."""
    return [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
