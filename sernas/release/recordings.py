"""The recordings that a command line means: files, folders, globs."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

import soundfile

SUFFIXES = {f".{name.lower()}" for name in soundfile.available_formats()} | {
    *(".wave", ".aif", ".oga", ".opus")
}
"""Of the files that are taken of a folder."""
STDIN = "-"


def recordings(arguments: Iterable[str]) -> list[str]:
    """A file itself, all audio in a folder and in its folders, all that a glob matches: each once.

    What stands for nothing remains as it was given, for whoever reads it to say so.
    """
    found = [path for argument in arguments for path in _meant(argument) or [argument]]
    return list(dict.fromkeys(found))


def _meant(argument: str) -> list[str]:
    if os.path.isfile(argument):  # a name may look like a glob
        return [argument]
    if os.path.isdir(argument):
        inside = (path for path in Path(argument).rglob("*") if path.suffix.lower() in SUFFIXES)
        return sorted(str(path) for path in inside if path.is_file())
    matches = sorted(glob.glob(os.path.expanduser(argument), recursive=True))
    return [path for match in matches for path in _meant(match)]
