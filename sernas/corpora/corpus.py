"""A corpus as tables, and what every parser does with the labels it has read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sernas.base.errors import CorpusError
from sernas.settings.corpus import CorpusSettings

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["utterance", "path", "speaker", "session", "gender", "emotion"]
EXCLUDED_COLUMNS = ["utterance", "path", "reason"]
_SHOWN = 200  # characters of a value in a message


@dataclass(frozen=True)
class Corpus:
    """Labelled utterances, those left out, and what the user should know about both.

    ``utterances`` has the columns ``utterance,path,speaker,session,gender,emotion``, all strings,
    sorted by the unique ``utterance``; ``path`` is relative to the corpus folder, ``gender`` is
    "F", "M" or "", ``session`` may be "". ``excluded`` has ``utterance,path,reason``.
    """

    utterances: pd.DataFrame
    excluded: pd.DataFrame
    warnings: list[str] = field(default_factory=list)


def shown(text: str) -> str:
    """``text`` as it may stand in a message: what does not print is escaped, nothing is endless."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ...")[1:-1]


def require_labels(root: Path, labels: list[Path], expected: str) -> None:
    """Raise CorpusError, saying what is in ``root`` instead, unless label files were found."""
    if labels:
        return
    # os.path's answers are False, unlike Path's, for what no file can be called
    if not os.path.exists(root):
        found = "does not exist"
    elif not os.path.isdir(root):
        found = "is not a folder"
    elif not os.access(root, os.R_OK | os.X_OK):
        found = "may not be read (its permissions forbid it)"
    elif names := sorted(os.listdir(root)):
        listed = ", ".join(map(shown, names[:5]))
        found = f"holds {listed}{' ...' if len(names) > 5 else ''}"
    else:
        found = "is empty"
    raise CorpusError(
        f"corpus folder {root} {found}; expected in it: {expected}; "
        "set corpus_root to the folder that holds the corpus"
    )


def read_labels(path: Path) -> bytes:
    """The content of a label file; CorpusError if it cannot be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(
            f"{path}: expected a file with labels, found one that cannot be read "
            f"({error.strerror}); correct its permissions, or restore it"
        ) from error


def select(labelled: list[dict[str, str]], settings: CorpusSettings) -> Corpus:
    """Keep the utterances whose emotion is wanted and whose audio file exists.

    ``labelled`` has the keys of ``COLUMNS``, and ``reason`` where a parser has already left the
    utterance out. Raises CorpusError for an emotion without any utterance, for one audio file
    under two names, and for missing audio if ``settings.on_bad_audio`` is "fail".
    """
    import pandas as pd

    rows = [row | {"reason": row.get("reason") or _reason(row, settings)} for row in labelled]
    _require_own_audio([row for row in rows if not row["reason"]], settings)
    table = pd.DataFrame(rows, columns=[*COLUMNS, "reason"], dtype=str).sort_values("utterance")
    kept = table["reason"] == ""
    utterances = table.loc[kept, COLUMNS].reset_index(drop=True)
    excluded = table.loc[~kept, EXCLUDED_COLUMNS].reset_index(drop=True)
    _require_every_emotion(utterances, excluded, settings)
    return Corpus(utterances, excluded)


def _reason(row: dict[str, str], settings: CorpusSettings) -> str:
    if row["emotion"] not in settings.emotions:
        return f'emotion "{row["emotion"]}" is not one of {", ".join(settings.emotions)}'
    audio = Path(settings.root, row["path"])
    if os.path.isfile(audio):
        return ""
    if settings.on_bad_audio == "fail":
        raise CorpusError(
            f"utterance {row['utterance']}: expected the audio file {audio}, found none; "
            "restore it, or set on_bad_audio to exclude"
        )
    return "audio file is missing"


def _require_own_audio(rows: list[dict[str, str]], settings: CorpusSettings) -> None:
    """A file that is two utterances, by links or a disk that ignores case, may train and test."""
    known: dict[tuple[int, int, int], str] = {}
    for row in rows:
        status = os.stat(Path(settings.root, row["path"]))
        file = (status.st_dev, status.st_ino, status.st_size)
        first = known.setdefault(file, row["path"])
        if first != row["path"]:
            raise CorpusError(
                f"corpus {settings.root}: expected an audio file for each utterance, found that "
                f"{row['path']} is the same file as {first}; label it once"
            )


def _require_every_emotion(utterances, excluded, settings: CorpusSettings) -> None:
    absent = sorted(set(settings.emotions) - set(utterances["emotion"]))
    if absent:
        reasons = excluded["reason"].value_counts().head(6)
        why = "; ".join(f"{count} left out: {reason}" for reason, count in reasons.items())
        raise CorpusError(
            f"corpus {settings.root} has no usable utterance with emotion {', '.join(absent)} "
            f"({len(utterances)} usable; {why or 'none left out'}); "
            "correct emotions, or restore the labels or audio files"
        )
