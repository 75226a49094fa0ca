"""Any corpus that comes with a CSV of path, speaker and emotion."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from sernas.base.errors import CorpusError, Refuse, raised
from sernas.corpora.corpus import COLUMNS, Row
from sernas.corpora.label_files import find_labels, read_csv, shown
from sernas.corpora.names import canonical, escaped
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

REQUIRED = ("path", "speaker", "emotion")
_LONGEST = 1000  # characters of a field; no disk has longer names


class Manifest(CorpusParser):
    """A CSV in the corpus folder: path, speaker, emotion; session, gender, utterance optional.

    Paths are relative to the corpus folder. Other columns are ignored. Without a column
    ``utterance`` an utterance is called by its path without suffix.
    """

    name = "manifest"
    about = "your own recordings, with a CSV of path, speaker and emotion"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The CSV, ``settings.manifest``."""
        expected = f"{settings.manifest} with the columns {', '.join(REQUIRED)}"
        return find_labels(settings.root, [settings.manifest], expected)

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """Its rows. Raises CorpusError for bad ones."""
        return self.read(settings, raised)

    def read(self, settings: CorpusSettings, refuse: Refuse) -> list[Row]:
        """Its good rows."""
        try:
            path = Path(*self.label_files(settings))
            lines = read_csv(path, REQUIRED, COLUMNS)
        except CorpusError as error:
            refuse(error)
            return []
        rows = []
        named = ((f"line {line}", cells) for line, cells in lines)
        for row in judged(named, settings, str(path)):
            if isinstance(row, CorpusError):
                refuse(row)
            else:
                rows.append(row)
        return rows


CORPORA.add(Manifest())


def judged(
    lines: Iterable[tuple[str, dict[str, str]]], settings: CorpusSettings, file: str
) -> Iterator[Row | CorpusError]:
    """An utterance of each row of a manifest, or what is wrong with it.

    Args:
        lines: what each is called in ``file``, and its cells.
    """
    seen: dict[tuple[str, str], str] = {}
    speakers: dict[tuple[str, str], tuple[str, str]] = {}
    for line, cells in lines:
        where = f"{file}, {line}"
        try:
            row = _utterance(cells, settings, where)
            for key in ("path", "utterance"):
                if (first := seen.setdefault((key, row[key]), line)) != line:
                    raise CorpusError(
                        f"{where}: expected each {key} once, found {row[key]!r} of {first} "
                        f"again; remove one of the rows, or give it its own {key}"
                    )
            for key in ("session", "gender"):
                first, value = speakers.setdefault((row["speaker"], key), (line, row[key]))
                if value != row[key]:
                    raise CorpusError(
                        f"{where}: expected one {key} a speaker, found {row[key]!r} for speaker "
                        f"{row['speaker']}, who has {value!r} in {first}; correct one of them"
                    )
            yield row | {"where": where}
        except CorpusError as error:
            yield error


def _is_text(value: str) -> bool:
    """Whether all the files that it will stand in can hold it."""
    return not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in value)


def _utterance(cells: dict[str, str], settings: CorpusSettings, where: str) -> Row:
    row = {name: cells[name] for name in COLUMNS if name in cells}
    for name, value in row.items():
        if len(value) > _LONGEST or not _is_text(value):
            raise CorpusError(
                f"{where}: expected a {name} of at most {_LONGEST} characters, none of them a "
                f"control character, found '{shown(value)}'; correct it"
            )
        required = name in REQUIRED or name == "utterance"
        if value != value.strip() or (required and not value):
            raise CorpusError(
                f"{where}: expected a {'non-empty ' * required}{name} without spaces around "
                f"it, found {value!r}; correct it"
            )
    wanted = {canonical(emotion): emotion for emotion in settings.emotions}
    meant = wanted.get(canonical(row["emotion"]), row["emotion"])
    if row["emotion"] not in settings.emotions and meant in settings.emotions:
        raise CorpusError(
            f"{where}: expected the emotion {escaped(meant)} of emotions, found "
            f"{escaped(row['emotion'])}; write them alike"
        )
    if row.get("gender", "") not in ("F", "M", ""):
        raise CorpusError(
            f"{where}: expected the gender F, M or nothing, found {row['gender']!r}; correct it"
        )
    path = posixpath.normpath(row["path"])
    if path.startswith(("/", "../")) or path == ".." or "\\" in path:
        raise CorpusError(
            f"{where}: expected a path inside the corpus folder, relative to it and with forward "
            f"slashes, found {row['path']!r}; move the file there or correct the path"
        )
    stem = posixpath.splitext(path)[0]
    return {"session": "", "gender": "", "utterance": stem} | row | {"path": path}
