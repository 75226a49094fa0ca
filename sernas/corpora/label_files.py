"""Files with labels: that there are some, and what is in them."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from sernas.base.errors import CorpusError

SPEAKER_UNKNOWN = "its speaker is unknown, who could train and test"
"""Why an utterance is left out of which the labels do not say who speaks."""

_SHOWN = 200  # characters of a value in a message


def shown(text: str) -> str:
    """``text`` as it may stand in a message: what does not print is escaped, nothing is endless."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ...")[1:-1]


def require_labels(root: Path, labels: list[Path], expected: str) -> None:
    """Raise CorpusError, saying what is in ``root`` instead, unless label files were found."""
    if labels:
        return
    # os.path's answers are False, unlike Path's, for what no file can be called
    if not os.path.exists(root):
        found = "does not exist"
    elif not os.path.isdir(root):
        found = "is not a folder"
    elif not os.access(root, os.R_OK | os.X_OK):
        found = "may not be read (its permissions forbid it)"
    elif names := sorted(os.listdir(root)):
        listed = ", ".join(map(shown, names[:5]))
        found = f"holds {listed}{' ...' if len(names) > 5 else ''}"
    else:
        found = "is empty"
    raise CorpusError(
        f"corpus folder {root} {found}; expected in it: {expected}; "
        "set corpus_root to the folder that holds the corpus"
    )


def find_labels(root: str, names: Sequence[str], expected: str) -> list[str]:
    """The label files of these names in ``root``; CorpusError if there are none."""
    found = [Path(root, name) for name in names if os.path.isfile(Path(root, name))]
    require_labels(Path(root), found, expected)
    return [str(path) for path in found]


def read_labels(path: Path) -> bytes:
    """The content of a label file; CorpusError if it cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path}: expected a file with labels, found one that cannot be read "
            f"({error.strerror}); correct its permissions, or restore it"
        ) from error


def read_csv(
    path: Path, required: Sequence[str], once: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV with the line on which each ends. The csv module, since pandas tells no line.

    Args:
        required: columns.
        once: columns that may not be repeated; those required may not be, either.

    Raises:
        CorpusError: it is no such CSV, or has no row.
    """
    content = read_labels(path)
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, cells) for cells in reader]
    except (csv.Error, UnicodeDecodeError) as error:
        undecodable = isinstance(error, UnicodeDecodeError)
        before = content.count(b"\n", 0, error.start) if undecodable else reader.line_num
        raise CorpusError(
            f"{path}, line {before + 1}: expected CSV in UTF-8, found: {error}; "
            "save the file as comma-separated UTF-8"
        ) from error
    header = reader.fieldnames or []
    missing = [name for name in required if name not in header]
    repeated = dict.fromkeys(n for n in (*required, *once) if header.count(n) > 1)
    if missing or repeated:
        fault = f"{', '.join(missing)} missing" if missing else f"{', '.join(repeated)} repeated"
        raise CorpusError(
            f"{path}, line 1: expected the columns {', '.join(required)} once each, found "
            f"{shown(', '.join(header)) or 'nothing'} ({fault}); correct the header"
        )
    if not rows:
        raise CorpusError(f"{path}: expected a row an utterance, found none; add them")
    for line, cells in rows:
        if None in cells or None in cells.values():
            found = sum(value is not None for name, value in cells.items() if name is not None)
            found += len(cells.get(None) or ())
            raise CorpusError(
                f"{path}, line {line}: expected {len(header)} fields, found {found}; "
                "put fields that hold a comma in double quotes"
            )
    return rows
