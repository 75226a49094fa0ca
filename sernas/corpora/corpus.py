"""A corpus as tables, and what becomes of the labels that any parser has read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sernas.base.errors import CorpusError, Refuse, raised
from sernas.corpora.left_out import MISSPELT, counted
from sernas.corpora.missing import why_missing
from sernas.corpora.names import meant, require_one_spelling
from sernas.settings.corpus import CorpusSettings

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["utterance", "path", "speaker", "session", "gender", "emotion"]
EXCLUDED_COLUMNS = ["utterance", "path", "speaker", "emotion", "reason"]

Row = dict[str, str]
"""What is known of an utterance: the keys of ``COLUMNS``, and perhaps ``reason``, why a parser left
it out, ``subset``, the part of the corpus that it is of, and ``where`` its label stands."""


@dataclass(frozen=True)
class Corpus:
    """Labelled utterances, those left out, and what the user should know about both.

    Attributes:
        utterances: columns ``utterance,path,speaker,session,gender,emotion``, all strings, sorted
            by the unique ``utterance``; ``path`` is relative to the corpus folder, ``gender`` is
            "F", "M" or "", ``session`` may be "".
        excluded: ``utterance,path,speaker,emotion,reason``.
        warnings: sentences.
    """

    utterances: pd.DataFrame
    excluded: pd.DataFrame
    warnings: list[str] = field(default_factory=list)


def wanted(labelled: Iterable[Row], settings: CorpusSettings) -> list[Row]:
    """The utterances that are to be used, if they can be."""
    return [r for r in labelled if not r.get("reason") and r["emotion"] in settings.emotions]


def select(labelled: list[Row], settings: CorpusSettings, refuse: Refuse = raised) -> Corpus:
    """Keep the utterances whose emotion is wanted and whose audio file exists.

    Refuses, with CorpusErrors, a speaker under two names, an emotion without any utterance, one
    audio file under two names, and missing audio if ``settings.on_bad_audio`` is "fail".
    """
    require_one_spelling(labelled, refuse)
    usable = [row for row in wanted(labelled, settings) if _has_audio(row, settings, refuse)]
    _require_own_audio(usable, settings, refuse)
    kept = {row["utterance"] for row in usable}
    excluded = [
        row | {"reason": row.get("reason") or _reason(row, settings)}
        for row in labelled
        if row["utterance"] not in kept
    ]
    corpus = Corpus(_table(usable, COLUMNS), _table(excluded, EXCLUDED_COLUMNS))
    require_every_emotion(corpus, settings, refuse)
    return corpus


def require_every_emotion(
    corpus: Corpus, settings: CorpusSettings, refuse: Refuse = raised
) -> None:
    """Refuse, with a CorpusError, an emotion without any utterance."""
    absent = sorted(set(settings.emotions) - set(corpus.utterances["emotion"]))
    if absent:
        left_out = counted(corpus.excluded["reason"])
        refuse(
            CorpusError(
                f"corpus {settings.root} has no usable utterance with emotion {', '.join(absent)} "
                f"({len(corpus.utterances)} usable; left out: {left_out}); correct emotions, or "
                "restore the labels or audio files"
            )
        )


def _has_audio(row: Row, settings: CorpusSettings, refuse: Refuse) -> bool:
    audio = Path(settings.root, row["path"])
    if os.path.isfile(audio):
        return True
    if settings.on_bad_audio == "fail":
        refuse(
            CorpusError(
                f"utterance {row['utterance']}: expected the audio file {audio}, found none; "
                "restore it, or set on_bad_audio to exclude"
            )
        )
    return False


def _reason(row: Row, settings: CorpusSettings) -> str:
    emotion = row["emotion"]
    if emotion in settings.emotions:
        return why_missing(Path(settings.root, row["path"]))
    close = meant(emotion, settings.emotions)
    return (
        f'emotion "{emotion}" is not one of {", ".join(settings.emotions)}'
        f"{f'; {MISSPELT} {close}?' if close else ''}"
    )


def _table(rows: list[Row], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=columns, dtype=str)
    return table.sort_values("utterance", ignore_index=True)


def _require_own_audio(rows: list[Row], settings: CorpusSettings, refuse: Refuse) -> None:
    """A file that is two utterances, by links or a disk that ignores case, may train and test."""
    known: dict[tuple[int, int, int], str] = {}
    for row in rows:
        status = os.stat(Path(settings.root, row["path"]))
        file = (status.st_dev, status.st_ino, status.st_size)
        first = known.setdefault(file, row["path"])
        if first != row["path"]:
            refuse(
                CorpusError(
                    f"corpus {settings.root}: expected an audio file for each utterance, found "
                    f"that {row['path']} is the same file as {first}; label it once"
                )
            )
