"""Any corpus that comes with a CSV of path, speaker and emotion."""

from __future__ import annotations

import csv
import io
import os
import posixpath
import unicodedata
from pathlib import Path

from sernas.base.errors import CorpusError
from sernas.corpora.corpus import COLUMNS, Row
from sernas.corpora.label_files import read_labels, require_labels, shown
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
        root = Path(settings.root)
        path = root / settings.manifest
        expected = f"{settings.manifest} with the columns {', '.join(REQUIRED)}"
        require_labels(root, [path] if os.path.isfile(path) else [], expected)
        return [str(path)]

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """Its rows. Raises CorpusError for bad ones."""
        path = Path(*self.label_files(settings))
        rows, seen, speakers = [], {}, {}
        for line, cells in _read_csv(path):
            where = f"{path}, line {line}"
            row = _utterance(cells, settings, where)
            for key in ("path", "utterance"):
                first = seen.setdefault((key, row[key]), line)
                if first != line:
                    raise CorpusError(
                        f"{where}: expected each {key} once, found {row[key]!r} of line {first} "
                        f"again; remove one of the rows, or give it its own {key}"
                    )
            for key in ("session", "gender"):
                first, value = speakers.setdefault((row["speaker"], key), (line, row[key]))
                if value != row[key]:
                    raise CorpusError(
                        f"{where}: expected one {key} a speaker, found {row[key]!r} for speaker "
                        f"{row['speaker']}, who has {value!r} in line {first}; correct one of them"
                    )
            rows.append(row | {"where": where})
        return rows


CORPORA.add(Manifest())


def _read_csv(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with the line on which each ends. The csv module, since pandas tells no line."""
    content = read_labels(path)
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, cells) for cells in reader]
    except (csv.Error, UnicodeDecodeError) as error:
        undecodable = isinstance(error, UnicodeDecodeError)
        before = content.count(b"\n", 0, error.start) if undecodable else reader.line_num
        raise CorpusError(
            f"{path}, line {before + 1}: expected CSV in UTF-8, found: {error}; "
            "save the file as comma-separated UTF-8"
        ) from error
    header = reader.fieldnames or []
    missing = [name for name in REQUIRED if name not in header]
    repeated = [name for name in COLUMNS if header.count(name) > 1]
    if missing or repeated:
        fault = f"{', '.join(missing)} missing" if missing else f"{', '.join(repeated)} repeated"
        raise CorpusError(
            f"{path}, line 1: expected the columns {', '.join(REQUIRED)} once each, found "
            f"{shown(', '.join(header)) or 'nothing'} ({fault}); correct the header"
        )
    if not rows:
        raise CorpusError(f"{path}: expected a row an utterance, found none; add them")
    for line, cells in rows:
        if None in cells or None in cells.values():
            found = sum(value is not None for name, value in cells.items() if name is not None)
            found += len(cells.get(None) or ())
            raise CorpusError(
                f"{path}, line {line}: expected {len(header)} fields, found {found}; "
                "put fields that hold a comma in double quotes"
            )
    return rows


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
