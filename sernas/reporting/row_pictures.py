"""A picture of each row of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from sernas.experiments.experiment import display_name
from sernas.reporting.result_files import read_folds

Draw = Callable[[list[pd.DataFrame], str, Path], None]
"""Takes the tables of a row's runs, a title, and where the picture goes."""


def draw_rows(tables: Iterable[str | Path], pictures: Sequence[str | Path], draw: Draw) -> None:
    """Draw each row's runs.

    Args:
        tables: files ``.../<system>/<strategy>/seed<n>/fold<k>.csv``, row by row.
        pictures: a file a row.
    """
    rows = read_folds(tables).items()
    for ((system, strategy), folds), picture in zip(rows, pictures, strict=True):
        draw(folds, f"{display_name(system)}, {strategy}", Path(picture))
