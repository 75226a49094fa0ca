"""Files with labels: that there are some, and what is in them."""

from __future__ import annotations

import os
from pathlib import Path

from sernas.base.errors import CorpusError

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


def read_labels(path: Path) -> bytes:
    """The content of a label file; CorpusError if it cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path}: expected a file with labels, found one that cannot be read "
            f"({error.strerror}); correct its permissions, or restore it"
        ) from error
