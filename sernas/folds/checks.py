"""What every split must satisfy before anything is trained on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from sernas.base.errors import FoldError
from sernas.folds.cast import Cast

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("train", "validation", "test")
COLUMNS = ("utterance", "speaker", "session", "emotion", "role")


class MisfitError(FoldError):
    """The corpus does not fit the settings of the folds.

    Args:
        problem: what was expected and what found, but not what to do.
        remedy: what helps besides other settings or recordings, if there is something.
        emotions: that were missed; none if it is not known which.
        speakers: of whom they were expected.
    """

    def __init__(
        self,
        problem: str,
        remedy: str = "",
        emotions: Collection[str] = (),
        speakers: Collection[str] = (),
    ):
        super().__init__(problem)
        self.remedy, self.emotions, self.speakers = remedy, emotions, speakers


def check_split(split: pd.DataFrame, emotions: Sequence[str], where: str) -> None:
    """Raise :class:`FoldError` for a split that leaks or lacks something.

    Speakers may have one role only, utterances may occur once, with one of ``emotions``, and the
    roles must pass :func:`check_roles`. ``where`` names the split in messages.
    """
    _check_words(split, "role", ROLES, where)
    _check_words(split, "emotion", emotions, where)
    twice = split["utterance"][split["utterance"].duplicated()]
    if len(twice):
        raise FoldError(
            f"{where}: expected each utterance once, found {names(twice)} more than once; "
            "remove the duplicates from the manifest"
        )
    roles = split.groupby("speaker")["role"].nunique()
    leaking = roles[roles > 1].index
    if len(leaking):
        raise FoldError(
            f"{where}: expected each speaker in one role, found {names(leaking)} in several; "
            "make the split again and do not edit it by hand"
        )
    speakers = {role: set(split["speaker"][split["role"] == role]) for role in ROLES}
    try:
        check_roles(Cast(split, tuple(emotions)), speakers, where)
    except MisfitError as misfit:
        raise FoldError(
            f"{misfit}; make the split again from the features of this configuration"
        ) from None


def check_roles(cast: Cast, speakers: Mapping[str, Collection[str]], where: str) -> None:
    """Raise :class:`MisfitError` unless each role has ``speakers``, and those who train and those
    who validate have utterances of every emotion.

    Those who test may lack some: accuracies are pooled over the folds.
    """
    for role in ROLES:
        if not speakers[role]:
            raise MisfitError(f"{where}: expected utterances for {role}, found none")
        lacking = [] if role == "test" else cast.lacks(speakers[role])
        if lacking:
            raise MisfitError(
                f"{where}: expected every emotion in {role}, found no utterance of "
                f"{names(lacking)}",
                emotions=lacking,
                speakers=speakers[role],
            )


def require_role(role: str, allowed: Sequence[str] = ROLES) -> None:
    """Raise :class:`FoldError` unless ``role`` is one of those that are ``allowed``."""
    if role not in allowed:
        raise FoldError(
            f"expected utterances of the role {names(allowed)}, found a request for {role!r}; "
            "this is a defect: report it"
        )


def names(items: Collection[str]) -> str:
    """At most five of them, and how many more there are."""
    first = ", ".join(map(str, list(items)[:5]))
    return first if len(items) <= 5 else f"{first} and {len(items) - 5} more"


def _check_words(split: pd.DataFrame, column: str, known: Sequence[str], where: str) -> None:
    unknown = sorted(set(split[column]) - set(known))
    if unknown:
        raise FoldError(
            f"{where}: expected {column} to be one of {names(known)}, found {names(unknown)}; "
            "make the split again from the features of this configuration"
        )
