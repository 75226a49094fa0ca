"""How a command prints rows: for people a table, for programs CSV or JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table


Results = Annotated[Path, typer.Argument(help="The folder of results.")]
"""The argument of commands that look at a run."""


class Format(StrEnum):
    """``--format``."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def print_rows(rows: Sequence[Mapping[str, object]], form: Format) -> None:
    """Rows that all have the keys of the first, to standard output."""
    if form is Format.JSON:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif form is Format.CSV:
        writer = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif rows:
        from rich.console import Console

        Console().print(table_of(rows))


def table_of(rows: Sequence[Mapping[str, object]]) -> Table:
    """The same as a table; what is None is empty."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0]:
        table.add_column(name, overflow="fold")  # whole paths, to be copied
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row.values()))
    return table
