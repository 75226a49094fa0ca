"""Any database in the audformat of audEERING, as the package audb brings them."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from sernas.base.errors import CorpusError
from sernas.corpora.corpus import Row
from sernas.corpora.emotions import COMMON
from sernas.corpora.label_files import SPEAKER_UNKNOWN, find_labels
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

if TYPE_CHECKING:
    from audformat import Database

HEADER = "db.yaml"
GENDERS = {"female": "F", "male": "M"}


class Audformat(CorpusParser):
    """``db.yaml`` and tables of files, any of which have the columns ``emotion`` and ``speaker``.

    What a speaker's gender is, the scheme of speakers may say. Tables of segments are not read.
    """

    name = "audformat"
    about = "any database in audformat, by its columns emotion and speaker; needs `.[audformat]`"
    url = "https://audeering.github.io/datasets/"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The header."""
        return find_labels(settings.root, [HEADER], f"{HEADER}, the header of a database")

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """The files that have an emotion."""
        header = Path(*self.label_files(settings))
        database = _load(header)
        speakers, genders = _column(database, "speaker", header), _genders(database)
        rows = []
        for file, emotion in _column(database, "emotion", header).items():
            path = posixpath.normpath(file)
            speaker = speakers.get(file, "")
            rows.append(
                {
                    "utterance": posixpath.splitext(path)[0],
                    "path": path,
                    "speaker": speaker,
                    "session": "",
                    "gender": genders.get(speaker, ""),
                    "emotion": COMMON.get(emotion, emotion),
                    "reason": "" if speaker else SPEAKER_UNKNOWN,
                }
            )
        return rows


CORPORA.add(Audformat())


def _load(header: Path) -> Database:
    try:
        from audformat import Database
    except ImportError as error:
        raise CorpusError(
            f"{header}: expected the package audformat to read it with, found that it cannot be "
            f"imported ({error}); install it: pip install -c constraints.txt -e '.[audformat]'"
        ) from error
    try:
        return Database.load(str(header.parent), load_data=True)
    except Exception as error:  # of YAML, of tables, or of what they lack
        raise CorpusError(
            f"{header}: expected a database in audformat, found one that does not load "
            f"({type(error).__name__}: {error}); copy it again"
        ) from error


def _column(database: Database, name: str, header: Path) -> dict[str, str]:
    """Values of a column by file, from every table of files that has it."""
    tables = [table for table in database.tables.values() if table.is_filewise]
    columns = [table[name].get() for table in tables if name in table.columns]
    if not columns:
        raise CorpusError(
            f"{header}: expected a table of files with a column {name}, found tables "
            f"{', '.join(database.tables) or 'none'}; use a database that has one, or a manifest"
        )
    values: dict[str, str] = {}
    for column in columns:
        for file, value in column.dropna().astype(str).items():
            if values.setdefault(file, value) != value:
                raise CorpusError(
                    f"{header}: expected one {name} of {file}, found {values[file]} and {value} "
                    "in two tables; correct one of them"
                )
    return values


def _genders(database: Database) -> dict[str, str]:
    labels = getattr(database.schemes.get("speaker"), "labels", None)
    if not isinstance(labels, dict):
        return {}
    return {
        str(speaker): GENDERS.get(said.get("gender"), "")
        for speaker, said in labels.items()
        if isinstance(said, dict)
    }
