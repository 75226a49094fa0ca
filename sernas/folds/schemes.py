"""The schemes of speaker-independent evaluation: who validates and who tests, fold by fold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sernas.base.errors import FoldError
from sernas.settings.folds import FoldSettings

Speakers = Sequence[str]


def session_scheme(
    index: pd.DataFrame, settings: FoldSettings
) -> Iterator[tuple[Speakers, Speakers]]:
    """(validation, test) speakers: one session is held out, its two speakers share the roles."""
    sessions = sorted(set(index["session"]))
    if len(sessions) != settings.count or "" in sessions:
        found = ", ".join(name or "(no name)" for name in sessions)
        raise FoldError(
            f"folds: expected {settings.count} sessions (folds.count), found {len(sessions)}: "
            f"{found}; correct folds.count, or set folds.scheme to speaker"
        )
    of_speaker = index.groupby("speaker")["session"].nunique()
    if (of_speaker > 1).any():
        raise FoldError(
            f"folds: expected each speaker in one session, found {of_speaker.idxmax()} in "
            f"{of_speaker.max()}; give different people different names in the manifest"
        )
    pairs = [_pair(index[index["session"] == name], name) for name in sessions]
    sides = {"F": ("F",), "M": ("M",), "both": ("F", "M")}[settings.validation]
    for side in sides:
        for pair in pairs:
            yield [pair[side]], [pair["M" if side == "F" else "F"]]


def _pair(rows: pd.DataFrame, session: str) -> dict[str, str]:
    """Speaker by gender of a session that has exactly one of each."""
    speakers = rows[["gender", "speaker"]].drop_duplicates().sort_values("gender")
    if list(speakers["gender"]) != ["F", "M"] or speakers["speaker"].nunique() != 2:
        found = ", ".join(f"{row.speaker} ({row.gender or '?'})" for row in speakers.itertuples())
        raise FoldError(
            f"folds: expected one F and one M speaker in session {session}, found {found}; "
            "complete the corpus, or set folds.scheme to speaker"
        )
    return dict(zip(speakers["gender"], speakers["speaker"], strict=True))


def speaker_scheme(
    index: pd.DataFrame, settings: FoldSettings
) -> Iterator[tuple[Speakers, Speakers]]:
    """(validation, test) speakers: dealt in a random circle, validation follows test."""
    speakers = sorted(set(index["speaker"]))
    count, validation = settings.count, settings.validation_speakers
    if count < 2 or validation < 1:
        raise FoldError(
            f"folds: expected folds.count of 2 or more and folds.validation_speakers of 1 or more, "
            f"found {count} and {validation}; raise them"
        )
    # The largest test group has ceil(n / count) speakers; one speaker at least must train.
    needed = max(count, math.ceil((validation + 1) * count / (count - 1)))
    if len(speakers) < needed:
        raise FoldError(
            f"folds: expected at least {needed} speakers for {count} folds with {validation} "
            f"validation speakers each, found {len(speakers)}: {', '.join(speakers)}; lower "
            "folds.count or folds.validation_speakers"
        )
    circle = np.random.default_rng(settings.seed).permutation(speakers).tolist()
    end = 0
    for group in np.array_split(np.arange(len(circle)), count):
        end += len(group)
        following = [circle[place % len(circle)] for place in range(end, end + validation)]
        yield following, [circle[place] for place in group]
