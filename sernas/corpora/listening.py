"""Hearing some recordings, and of the others no more than the headers: thousands in seconds."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from sernas.audio.recording import Recording
from sernas.audio.survey import Survey, glance, survey
from sernas.settings.corpus import CorpusSettings

FEW = 2000
"""Recordings that are all heard."""
SOME = 500
"""Those that are of more."""
_PIECE = 4096  # bytes from the middle of a file


class Listener:
    """Judges recordings as :func:`sernas.audio.recording.examine` does, but for those not ``heard``
    by their headers alone, and notes what it is told.

    Attributes:
        surveys: what was found out, by file.
        seconds: that hearing each took, of a thread.
    """

    def __init__(self, heard: Collection[Path], settings: CorpusSettings):
        self._heard, self._settings = heard, settings
        self.surveys: dict[Path, Survey] = {}
        self.seconds: list[float] = []

    def __call__(self, path: Path) -> Recording:
        """What is known of a file; raises :class:`AudioError` as ``examine`` does."""
        limits = self._settings.silence_db, self._settings.trim_db
        if path in self._heard:
            start = time.thread_time()
            found = survey(path, *limits)
            self.seconds.append(time.thread_time() - start)
        else:
            found = glance(path, *limits)
        self.surveys[path] = found
        return Recording(found.seconds, found.samples_sha256 or str(path))


def worth_hearing(files: Sequence[Path], all_of_them: bool = False) -> set[Path]:
    """All of a few files; of many some, evenly spread, and those that look like another or like
    silence: of the same size, and with the same bytes in the middle, or with all of them equal."""
    if all_of_them or len(files) <= FEW:
        return set(files)
    alike: dict[tuple[int, bytes], list[Path]] = defaultdict(list)
    suspects: set[Path] = set()
    for file in files:
        with suppress(OSError, ValueError):  # which hearing it will tell
            size, middle = _piece(file)
            alike[size, middle].append(file)
            if len(set(middle)) < 2:
                suspects.add(file)
    suspects.update(file for same in alike.values() if len(same) > 1 for file in same)
    return {*files[:: -(-len(files) // SOME)], *suspects}


def _piece(file: Path) -> tuple[int, bytes]:
    """A file's size, and what is in its middle."""
    with open(file, "rb", buffering=0) as content:
        size = os.fstat(content.fileno()).st_size
        content.seek(max(0, size - _PIECE) // 2)
        return size, content.read(_PIECE)
