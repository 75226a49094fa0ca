"""What a run of epochs says of itself while it goes on, a line an epoch, for others to read.

No result: nothing is made from it, and a run does not end for want of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

NAME = "history.jsonl"
"""Of the file, beside the run's checkpoints."""


class Entry(NamedTuple):
    """An epoch that is over.

    Attributes:
        number: of the epoch, from 1.
        seconds: that all epochs took so far.
        row: that of the history.
    """

    number: int
    seconds: float
    row: Mapping[str, Any]


def write_entry(folder: Path, entry: Entry) -> None:
    """Add an entry to the diary in ``folder``; one that the disk does not take is lost."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / NAME).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry._asdict()) + "\n")


def read_diary(path: Path) -> list[Entry]:
    """The entries of a file, of each epoch the last: a run that was taken up, or begun anew, writes
    some again. A line that is being written, or was cut, is passed over; so is a file that is gone.
    """
    entries: list[Entry] = []
    with suppress(FileNotFoundError):
        for line in path.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError, TypeError):
                entry = Entry(**json.loads(line))
                entries = [each for each in entries if each.number < entry.number] + [entry]
    return entries
