"""What every split must satisfy before anything is trained on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sernas.base.errors import FoldError

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("train", "validation", "test")
COLUMNS = ("utterance", "speaker", "session", "emotion", "role")


def check_split(split: pd.DataFrame, emotions: Sequence[str], where: str) -> None:
    """Raise :class:`FoldError` for a split that leaks or lacks something.

    Speakers may have one role only, utterances may occur once, and every role needs at least one
    utterance of each of ``emotions`` (and of no others). ``where`` names the split in messages.
    """
    _check_words(split, "role", ROLES, where)
    _check_words(split, "emotion", emotions, where)
    twice = split["utterance"][split["utterance"].duplicated()]
    if len(twice):
        raise FoldError(
            f"{where}: expected each utterance once, found {_names(twice)} more than once; "
            "remove the duplicates from the manifest"
        )
    roles = split.groupby("speaker")["role"].nunique()
    leaking = roles[roles > 1].index
    if len(leaking):
        raise FoldError(
            f"{where}: expected each speaker in one role, found {_names(leaking)} in several; "
            "make the split again and do not edit it by hand"
        )
    for role in ROLES:
        found = set(split["emotion"][split["role"] == role])
        if not found:
            raise FoldError(
                f"{where}: expected utterances for {role}, found none; "
                "use more speakers, or set folds.count to the sessions or speakers that you have"
            )
        missing = [emotion for emotion in emotions if emotion not in found]
        if missing:
            raise FoldError(
                f"{where}: expected every emotion in {role}, found no utterance of "
                f"{_names(missing)}; use fewer folds, another folds.seed or more validation "
                "speakers (folds.scheme: speaker), or leave the emotion out of corpus.emotions"
            )


def require_role(role: str, allowed: Sequence[str] = ROLES) -> None:
    """Raise :class:`FoldError` unless ``role`` is one of those that are ``allowed``."""
    if role not in allowed:
        raise FoldError(
            f"expected utterances of the role {_names(allowed)}, found a request for {role!r}; "
            "this is a defect: report it"
        )


def _check_words(split: pd.DataFrame, column: str, known: Sequence[str], where: str) -> None:
    unknown = sorted(set(split[column]) - set(known))
    if unknown:
        raise FoldError(
            f"{where}: expected {column} to be one of {_names(known)}, found {_names(unknown)}; "
            "make the split again from the features of this configuration"
        )


def _names(items: Sequence[str]) -> str:
    first = ", ".join(map(str, list(items)[:5]))
    return first if len(items) <= 5 else f"{first} and {len(items) - 5} more"
