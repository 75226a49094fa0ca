"""What stands where audio should be when something has not fetched it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_KINDS = {  # by the first bytes: what it is, and what to do
    rb"version https://(git-lfs|hawser)\.github\.com/": (
        "a git-lfs pointer in place of the audio",
        "fetch the audio (git lfs pull)",
    ),
    rb"[^\0]*\bannex[/\\]objects[/\\]": (
        "a pointer of git-annex in place of the audio",
        "fetch the audio (git annex get)",
    ),
    rb"\s*(\xef\xbb\xbf)?\s*<(!doctype html|html|head|\?xml)": (
        "a web page, as downloads that fail leave it",
        "download the file again",
    ),
}


def placeholder(path: str | Path) -> tuple[str, str] | None:
    """(what was found in place of audio, what to do), if ``path`` is something of the kind."""
    try:
        if os.path.isfile(path):
            with open(path, "rb") as file:
                head = file.read(1024)
        else:
            head = os.fsencode(os.readlink(path))  # git-annex links to what it may not have fetched
    except (OSError, ValueError):
        return None
    return next((told for kind, told in _KINDS.items() if re.match(kind, head, re.I)), None)
