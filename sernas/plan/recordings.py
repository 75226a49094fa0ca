"""How long recordings are, by the table ``path,seconds,...`` that a run has of them. Light."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path


def longest_seconds(table: Path) -> float:
    """Of the longest recording; 0 while there is no table.

    Snakemake asks once more before a job is submitted, when there is one.
    """
    try:
        return _longest(table, os.stat(table).st_mtime_ns)
    except FileNotFoundError:
        return 0.0


@cache
def _longest(table: Path, written: int) -> float:
    with open(table, newline="", encoding="utf-8") as file:
        return max((float(row["seconds"] or 0) for row in csv.DictReader(file)), default=0.0)
