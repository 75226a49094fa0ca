"""How long recordings are, by what a run knows of them. Light."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from sernas.corpora.recordings import read_known


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
    return max((float(known.seconds or 0) for known in read_known(table).values()), default=0.0)
