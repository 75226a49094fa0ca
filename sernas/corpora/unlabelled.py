"""A folder of recordings without labels but those in its paths, and the manifest that it lacks."""

from __future__ import annotations

import csv
import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

from sernas.base.errors import CorpusError, Refuse, SettingsError
from sernas.base.files import atomic
from sernas.corpora.corpus import Row
from sernas.corpora.label_files import require_labels
from sernas.corpora.layout import Layout
from sernas.corpora.named_files import files_under, stranger
from sernas.corpora.parsers.manifest import REQUIRED, judged
from sernas.corpora.registry import CorpusParser
from sernas.settings.corpus import CorpusSettings

RECORDINGS = (".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".au", ".snd")
RECORDINGS += (".sph", ".caf", ".w64")
UNREAD = (".mp4", ".m4a", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".wma", ".aac")
UNREAD += (".amr", ".3gp")
"""What holds sound that libsndfile does not read."""


class Unlabelled(CorpusParser):
    """The recordings of a folder by their ``layout``, as a manifest would have them.

    Args:
        paths: of them, relative to the folder.
    """

    name = "manifest"

    def __init__(self, paths: Iterable[str], layout: Layout):
        self._paths, self._layout = list(paths), layout

    def read(self, settings: CorpusSettings, refuse: Refuse) -> list[Row]:
        """An utterance a file; what a manifest could not name is left out."""
        lines, rows = {}, []
        first: dict[str, str] = {}
        for path in self._paths:
            speaker, emotion = self._layout.labels(path)
            same = first.setdefault(posixpath.splitext(path)[0], path)
            if same != path:
                reason = f"expected one file of a name, found another, {same}; remove one"
            elif not path.isprintable():
                reason = "expected a name of letters that print, found others; rename it"
            elif not speaker or not emotion:
                place = self._layout.emotion if speaker else self._layout.speaker
                what = "an emotion" if speaker else "a speaker"
                reason = f"expected {what} as {place.words}, found none; rename it"
            else:
                lines[path] = {"path": path, "speaker": speaker, "emotion": emotion}
                continue
            rows.append(stranger(path, reason))
        found = judged(lines.items(), settings, settings.root)
        for path, row in zip(lines, found, strict=True):
            if isinstance(row, CorpusError):
                row = stranger(path, str(row).removeprefix(f"{settings.root}, {path}: "))
            rows.append(row)
        return rows


def recordings_of(root: str, refuse: Refuse) -> list[str]:
    """The recordings in a folder; folders that cannot be read are refused.

    Raises:
        CorpusError: there is none.
    """
    found = files_under(root, RECORDINGS, lambda error: refuse(_unread(error)))
    if not found and (others := files_under(root, UNREAD)):
        raise CorpusError(
            f"{root}: expected recordings ({', '.join(RECORDINGS)}), found {len(others)} files "
            f"such as {others[0]!r}, of which only the sound is wanted; take it out of each: "
            "ffmpeg -i a.mp4 -ac 1 -ar 16000 a.wav"
        )
    require_labels(Path(root), [Path(path) for path in found], "recordings, such as a.wav")
    return found


def _unread(error: OSError) -> CorpusError:
    return CorpusError(
        f"{error.filename}: expected a folder that may be read, found that it may not "
        f"({error.strerror}); correct its permissions (chmod +rx)"
    )


def write_manifest(rows: Iterable[Row], path: Path, force: bool = False) -> int:
    """Write path, speaker and emotion of the rows that have no ``reason``, whole or not at all, and
    return how many there are.

    Raises:
        SettingsError: there is something already, and not ``force``; or it cannot be written.
    """
    if os.path.lexists(path) and (path.is_dir() or not force):
        advice = "choose another name" if path.is_dir() else "choose another, or say --force"
        raise SettingsError(
            f"--write-manifest: expected a new file, found that {path} exists; {advice}"
        )
    named = [row for row in rows if not row.get("reason")]
    try:
        with atomic(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, REQUIRED, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(named)
    except OSError as error:
        raise SettingsError(
            f"--write-manifest: expected a file that can be written, found {path} "
            f"({error.strerror}); choose another"
        ) from error
    return len(named)
