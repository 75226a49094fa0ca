"""The schemes of speaker-independent evaluation: who validates and who tests, fold by fold."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice

import numpy as np
import pandas as pd

from sernas.folds.cast import Cast
from sernas.folds.checks import ROLES, MisfitError, check_roles, names
from sernas.settings.folds import FoldSettings

Speakers = Sequence[str]
CHOICES = 1000  # of validation speakers, that are looked at in a fold


def deal(cast: Cast, settings: FoldSettings) -> dict[int, dict[str, Collection[str]]]:
    """The speakers of each role, by fold number.

    Raises:
        MisfitError: the corpus does not fit the scheme, a fold fails :func:`check_roles`, or an
            emotion is tested in no fold.
    """
    folds = {}
    dealt = inner_folds(cast, settings) if settings.inner else outer_folds(cast, settings)
    for fold, (among, validation, test) in zip(settings.numbers, dealt, strict=True):
        training = among.heard.keys() - {*validation, *test}
        folds[fold] = {"train": training, "validation": validation, "test": test}
        check_roles(cast, folds[fold], f"fold {fold}")
    tested = {speaker for roles in folds.values() for speaker in roles["test"]}
    untested = cast.lacks(tested)
    if untested:
        raise MisfitError(
            f"folds: expected every emotion to be tested in some fold, found no utterance of "
            f"{names(untested)} of the {len(tested)} speakers who test",
            emotions=untested,
            speakers=tested,
        )
    return folds


def outer_folds(cast: Cast, settings: FoldSettings) -> Iterator[tuple[Cast, Speakers, Speakers]]:
    """(everyone, validation, test) of each fold of the scheme."""
    scheme = {"session": session_scheme, "speaker": speaker_scheme}[settings.scheme]
    for validation, test in scheme(cast, settings):
        yield cast, validation, test


def inner_folds(cast: Cast, settings: FoldSettings) -> Iterator[tuple[Cast, Speakers, Speakers]]:
    """(those who do not test in an outer fold, validation, test) of each fold among them."""
    inner = replace(settings, scheme="speaker", count=settings.inner, inner=0)
    for number, (_, _, outer) in enumerate(outer_folds(cast, settings), start=1):
        rest = cast.besides(outer)
        try:
            for validation, test in speaker_scheme(rest, inner):
                yield rest, validation, test
        except MisfitError as misfit:
            raise MisfitError(
                f"within fold {number}, whose folds.count is folds.inner: {misfit}",
                misfit.remedy,
                misfit.emotions,
                misfit.speakers,
            ) from misfit


def session_scheme(cast: Cast, settings: FoldSettings) -> Iterator[tuple[Speakers, Speakers]]:
    """(validation, test) speakers: one session is held out, its two speakers share the roles."""
    sessions = sorted(set(cast.rows["session"]))
    if len(sessions) != settings.count or "" in sessions:
        found = names([name or "(no name)" for name in sessions])
        raise MisfitError(
            f"folds: expected {settings.count} sessions (folds.count), found {len(sessions)}: "
            f"{found}"
        )
    of_speaker = cast.rows.groupby("speaker")["session"].nunique()
    if (of_speaker > 1).any():
        raise MisfitError(
            f"folds: expected each speaker in one session, found {of_speaker.idxmax()} in "
            f"{of_speaker.max()}",
            "give different people different names in the manifest",
        )
    pairs = [_pair(cast.rows[cast.rows["session"] == name], name) for name in sessions]
    sides = {"F": ("F",), "M": ("M",), "both": ("F", "M")}[settings.validation]
    for side in sides:
        for pair in pairs:
            yield [pair[side]], [pair["M" if side == "F" else "F"]]


def _pair(rows: pd.DataFrame, session: str) -> dict[str, str]:
    """Speaker by gender of a session that has exactly one of each."""
    speakers = rows[["gender", "speaker"]].drop_duplicates().sort_values("gender")
    if list(speakers["gender"]) != ["F", "M"] or speakers["speaker"].nunique() != 2:
        found = names([f"{row.speaker} ({row.gender or '?'})" for row in speakers.itertuples()])
        raise MisfitError(
            f"folds: expected one F and one M speaker in session {session}, found {found}",
            "complete the session",
        )
    return dict(zip(speakers["gender"], speakers["speaker"], strict=True))


def speaker_scheme(cast: Cast, settings: FoldSettings) -> Iterator[tuple[Speakers, Speakers]]:
    """(validation, test) speakers: dealt in a random circle, validation follows test.

    Where those who follow lack an emotion, or leave none of it to train on, those after them are
    taken in their place, from the last on, until there is every emotion on both sides.
    """
    speakers = list(cast.heard)
    count, validation = settings.count, settings.validation_speakers
    if count < 2 or validation < 1:
        raise MisfitError(
            f"folds: expected folds.count of 2 or more and folds.validation_speakers of 1 or more, "
            f"found {count} and {validation}"
        )
    # The largest test group has ceil(n / count) speakers; one speaker at least must train.
    needed = max(count, math.ceil((validation + 1) * count / (count - 1)))
    if len(speakers) < needed:
        raise MisfitError(
            f"folds: expected at least {needed} speakers for folds.count {count} with "
            f"folds.validation_speakers {validation}, found {len(speakers)}: {names(speakers)}"
        )
    scarce = cast.scarce(speakers, least=len(ROLES))
    if scarce:
        found = names([f"{emotion} from {number}" for emotion, number in scarce.items()])
        raise MisfitError(
            f"folds: expected each emotion from at least {len(ROLES)} speakers, one to train, one "
            f"to validate and one to test, found {found}",
            emotions=scarce,
            speakers=speakers,
        )
    circle = np.random.default_rng(settings.seed).permutation(speakers).tolist()
    end = 0
    for fold, group in enumerate(np.array_split(np.arange(len(circle)), count), start=1):
        end += len(group)
        test = [circle[place] for place in group]
        others = [
            circle[place % len(circle)] for place in range(end, end + len(circle) - len(test))
        ]
        yield _validation(cast, others, validation, f"fold {fold}"), test


def _validation(cast: Cast, others: Speakers, size: int, where: str) -> Speakers:
    """The first ``size`` of those who do not test, such that they and the rest lack nothing."""
    scarce = cast.scarce(others, least=2)
    for chosen in () if scarce else islice(combinations(others, size), CHOICES):
        if not cast.lacks(chosen) and not cast.lacks(set(others) - set(chosen)):
            return chosen
    why = f" (fewer than 2 of them have {names(scarce)})" if scarce else ""
    raise MisfitError(
        f"{where}: expected {size} of the {len(others)} speakers who do not test to have every "
        f"emotion for validation and to leave each for training, found no such choice{why}",
        emotions=scarce,
        speakers=others,
    )
