"""Which corpus it was: one SHA-256 of every utterance's name, speaker, emotion and audio file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable


def corpus_checksum(utterances: Iterable[tuple[str, str, str, str]]) -> str:
    """SHA-256, 64 hexadecimal digits, of ``(utterance, speaker, emotion, audio's SHA-256)``.

    It is taken of the sorted list as JSON, hence the same in whatever order they come.
    """
    return hashlib.sha256(json.dumps(sorted(utterances)).encode()).hexdigest()
