"""Corpora whose labels are in the names of their files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from sernas.corpora.corpus import Row
from sernas.corpora.label_files import require_labels, shown
from sernas.corpora.registry import CorpusParser
from sernas.settings.corpus import CorpusSettings


def files_under(
    root: str | Path,
    suffixes: tuple[str, ...],
    unread: Callable[[OSError], object] | None = None,
) -> list[str]:
    """Paths relative to ``root``, with forward slashes, the shallowest first; without what is
    hidden, what a Mac's archives hold besides, and folders that are links, which may go in
    circles. ``unread`` is told of folders that cannot be read."""
    found = []
    for folder, folders, names in os.walk(root, onerror=unread):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        within = Path(folder).relative_to(root)
        found += [
            (within / name).as_posix()
            for name in names
            if not name.startswith(".") and name.lower().endswith(suffixes)
        ]
    return sorted(found, key=lambda path: (path.count("/"), path))


def stranger(path: str, reason: str) -> Row:
    """A file that is left out, and says nothing."""
    path = shown(path)
    nothing = dict.fromkeys(("speaker", "session", "gender", "emotion"), "")
    return {"utterance": path, "path": path, "reason": reason} | nothing


class NamedFiles(CorpusParser):
    """Recordings anywhere under ``settings.root``, by their names.

    A copy in a deeper folder, as some packages hold, is not read: an utterance is the shallowest
    file of its name. Files of other names are left out.

    Attributes:
        pattern: how paths without suffixes end, a regular expression with the groups ``speaker``
            and ``emotion``; it begins where a name of a file or folder does.
        suffixes: of recordings.
        expected: what messages say of the files.
    """

    pattern: str
    suffixes: tuple[str, ...] = (".wav",)
    expected: str

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The folder: there are no labels but names."""
        self._found(settings)
        return [settings.root]

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """An utterance a file."""
        rows: dict[str, Row] = {}
        for path, match in self._found(settings).items():
            row = self._row(path, match) if match else stranger(path, self._strange)
            rows.setdefault(row["utterance"], row)
        return list(rows.values())

    def more(self, match: re.Match[str]) -> Row:
        """What a name says besides emotion and speaker; it replaces what is known."""
        return {}

    def _found(self, settings: CorpusSettings) -> dict[str, re.Match[str] | None]:
        pattern = re.compile(rf"(?:^|/)(?:{self.pattern})\Z", re.ASCII)
        found = {
            path: pattern.search(path[: path.rindex(".")]) if path.isprintable() else None
            for path in files_under(settings.root, self.suffixes)
        }
        require_labels(Path(settings.root), [p for p, m in found.items() if m], self.expected)
        return found

    def _row(self, path: str, match: re.Match[str]) -> Row:
        return {
            "utterance": PurePosixPath(path).stem,
            "path": path,
            "speaker": match["speaker"],
            "session": "",
            "gender": "",
            "emotion": self.emotions[match["emotion"]],
        } | self.more(match)

    @property
    def _strange(self) -> str:
        return f"its name is not one of the corpus {self.name}"
