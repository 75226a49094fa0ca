"""What is known of each recording of a corpus, kept from run to run.

Thousands of files are neither inputs of a rule nor read at every start: one with the size and the
date that it had is as it was, and so is one with another date that holds the same.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sernas.base.checksum import file_checksum
from sernas.base.errors import AudioError
from sernas.base.files import atomic
from sernas.base.parallel import in_order
from sernas.base.reading import reading

if TYPE_CHECKING:
    from sernas.audio.recording import Recording


class Known(NamedTuple):
    """A recording, as it was when it was heard; all of it text, as the file has it.

    Attributes:
        path: relative to the corpus.
        size: bytes.
        modified: when it had last been written, in ns.
        seen: the latest date at which it held the same, in ns.
        sha256: of the file, hexadecimal; empty where it could not be read.
        heard_by: what judged it; see :meth:`Recordings.hear`.
        samples: SHA-256 of its samples, hexadecimal; empty where it cannot be used.
        seconds: how long it lasts; likewise.
        fault: why it cannot be used, without its path; empty where it can.
    """

    path: str
    size: str
    modified: str
    seen: str
    sha256: str
    heard_by: str
    samples: str
    seconds: str
    fault: str


class Look(NamedTuple):
    """What is seen of some recordings.

    Attributes:
        stamp: a digest that is another if one was added, removed, or holds something else.
        changed: those.
    """

    stamp: str
    changed: list[str]


Listen = Callable[[Path], "Recording"]
"""See :func:`sernas.audio.recording.examine`."""


class Recordings:
    """The recordings under ``root``, and what ``file`` tells of them, a CSV that need not be there
    yet; None: nothing is kept."""

    def __init__(self, file: str | Path | None, root: str | Path):
        self._file, self._root = file and Path(file), Path(root)
        self._known = read_known(self._file) if self._file else {}
        self._saved = dict(self._known)

    def look(self, paths: Iterable[str]) -> Look:
        """Look at each file once, without hearing it."""
        digest, changed = hashlib.blake2b(digest_size=8), []
        for path in paths:
            known = self._unchanged(path)
            state = (known.size, known.modified) if known else self._stat(path)
            digest.update(repr((path, state)).encode())
            if not known and (path in self._known or state):
                changed.append(path)
        return Look(digest.hexdigest(), changed)

    def hear(
        self, paths: Iterable[str], by: str, listen: Listen, threads: int, progress: bool
    ) -> dict[str, Known]:
        """What is known of each file, all of which are there; those are heard of which it is not.

        Args:
            by: a digest of all that a judgement follows from besides the file.

        Raises:
            UnreadError: the system does not let one be read.
        """
        from tqdm import tqdm  # a stamp needs none

        known = {path: self._unchanged(path) for path in paths}
        unheard = [path for path, each in known.items() if not each or each.heard_by != by]
        results = in_order(lambda path: self._hear(path, by, listen), unheard, threads)
        silent = not (progress and unheard)
        bar = tqdm(results, "recordings", len(unheard), unit="file", disable=silent)
        try:
            for path, found in zip(unheard, bar, strict=True):
                self._known[path] = found
        finally:
            self.save()  # what was heard so far
        return {path: self._known[path] for path in known}

    def save(self) -> None:
        """Write what was found out."""
        if self._file is None or self._known == self._saved:
            return
        with (
            atomic(self._file) as temporary,
            open(temporary, "w", newline="", encoding="utf-8") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Known._fields)
            writer.writerows(self._known.values())
        self._saved = dict(self._known)

    def _hear(self, path: str, by: str, listen: Listen) -> Known:
        file, before = self._root / path, self._known.get(path)
        stat = self._stat(path) or ("0", "0")
        try:
            found = listen(file)
            judged = (found.samples_sha256, str(found.seconds), "")
        except AudioError as error:
            judged = ("", "", str(error).removeprefix(f"{file}: "))
        with reading(file, "a recording"):  # else a disk that fails once would be a fault for ever
            sha256 = _checksum(file) if self._file else ""
        if before and sha256 == before.sha256:  # judged by something else, the first time
            stat = (before.size, before.modified)
        return Known(path, *stat, stat[1], sha256, by, *judged)

    def _unchanged(self, path: str) -> Known | None:
        """What is known of a file if it holds what it did."""
        known, stat = self._known.get(path), self._stat(path)
        if not known or not stat or known.size != stat[0]:
            return None
        if stat[1] in (known.modified, known.seen):
            return known
        with suppress(OSError):
            if known.sha256 and _checksum(self._root / path) == known.sha256:
                self._known[path] = known._replace(seen=stat[1])
                return self._known[path]
        return None

    def _stat(self, path: str) -> tuple[str, str] | None:
        """Size and date; None where there is no such file, or it may not be read."""
        try:
            status = os.stat(file := self._root / path)
        except (OSError, ValueError):  # ValueError: what no file can be called
            return None
        if not os.access(file, os.R_OK):  # which can change without the date
            return None
        return str(status.st_size), str(status.st_mtime_ns)


def _checksum(file: Path) -> str:
    """Empty where the file is gone, or may not be read."""
    try:
        return file_checksum(file)
    except (FileNotFoundError, PermissionError):
        return ""


def read_known(file: Path) -> dict[str, Known]:
    """What a file tells, by path; nothing where it is not ours: all can be found out again."""
    try:
        with open(file, newline="", encoding="utf-8") as lines:
            header, *rows = csv.reader(lines)
            return {row[0]: Known(*row) for row in rows} if _is_ours(header) else {}
    except (OSError, ValueError, TypeError, csv.Error):
        return {}


def _is_ours(header: Sequence[str]) -> bool:
    return tuple(header) == Known._fields
