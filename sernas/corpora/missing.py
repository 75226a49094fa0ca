"""Why an audio file is not there, as far as its folder tells."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sernas.audio.placeholders import placeholder
from sernas.corpora.left_out import MISSING
from sernas.corpora.names import canonical, escaped


def why_missing(audio: Path) -> str:
    """What is left out for want of ``audio``: that it is missing, and what is there instead."""
    if found := placeholder(audio):
        return f"{MISSING}; there is {found[0]}: {found[1]}"
    other = _names(audio.parent).get(canonical(audio.stem))
    if other and other != audio.name:  # which a link to nothing has
        return f"{MISSING}; there is one of another name: {escaped(other)}"
    return MISSING


@cache
def _names(folder: Path) -> Mapping[str, str]:
    """The files of a folder by what their names have in common with other spellings: those with
    other capitals, another encoding of accents, or another suffix."""
    try:
        return {canonical(Path(name).stem): name for name in sorted(os.listdir(folder))}
    except (OSError, ValueError):  # ValueError: what no folder can be called
        return {}
