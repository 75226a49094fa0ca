"""A corpus as tables, and what every parser does with the labels it has read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sernas.errors import CorpusError
from sernas.settings import CorpusSettings

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["utterance", "path", "speaker", "session", "gender", "emotion"]
EXCLUDED_COLUMNS = ["utterance", "path", "reason"]


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


def require_labels(root: Path, labels: list[Path], expected: str) -> None:
    """Raise CorpusError, saying what is in ``root`` instead, unless label files were found."""
    if labels:
        return
    if not root.exists():
        found = "does not exist"
    elif not root.is_dir():
        found = "is not a folder"
    elif names := sorted(path.name for path in root.iterdir()):
        found = f"holds {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}"
    else:
        found = "is empty"
    raise CorpusError(
        f"corpus folder {root} {found}; expected in it: {expected}; "
        "set corpus_root to the folder that holds the corpus"
    )


def select(labelled: list[dict[str, str]], settings: CorpusSettings) -> Corpus:
    """Keep the utterances whose emotion is wanted and whose audio file exists.

    ``labelled`` has the keys of ``COLUMNS``, and ``reason`` where a parser has already left the
    utterance out. Raises CorpusError for an emotion without any utterance, and for missing audio
    if ``settings.on_bad_audio`` is "fail".
    """
    import pandas as pd

    rows = [row | {"reason": row.get("reason") or _reason(row, settings)} for row in labelled]
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
    if audio.is_file():
        return ""
    if settings.on_bad_audio == "fail":
        raise CorpusError(
            f"utterance {row['utterance']}: expected the audio file {audio}, found none; "
            "restore it, or set on_bad_audio to exclude"
        )
    return "audio file is missing"


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
