"""What to do where a corpus does not fit the settings of the folds; each advice was tried."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations, islice, product

import pandas as pd

from sernas.folds.cast import Cast
from sernas.folds.checks import ROLES, MisfitError
from sernas.folds.schemes import deal
from sernas.settings.folds import FoldSettings
from sernas.settings.key import entries

SEEDS = range(1, 21)
NEAREST = 10  # values of a number that are tried
MOST = next(entry.about.most for entry in entries(FoldSettings) if entry.name == "count")
OMISSIONS = 100  # sets of emotions that are left out for a trial
FILES = 3  # named of those left out
NEEDED = len(ROLES)  # speakers with every emotion, of whom one can train, one validate, one test


def remedies(
    misfit: MisfitError, cast: Cast, settings: FoldSettings, left_out: pd.DataFrame | None
) -> str:
    """What helps, in words: recordings to repair, then the smallest change that works.

    Args:
        left_out: see :func:`make_folds`.
    """
    several = misfit.remedy, _repairs(misfit, cast, left_out), _smallest_change(cast, settings)
    return ", or ".join(filter(None, several))


def _repairs(misfit: MisfitError, cast: Cast, left_out: pd.DataFrame | None) -> str:
    """The recordings left out that the speakers concerned, or whoever is missing, lack."""
    if left_out is None:
        return ""
    emotions = misfit.emotions or cast.emotions
    helps = [
        row.emotion in emotions
        and row.emotion not in cast.heard.get(row.speaker, ())
        and (row.speaker in misfit.speakers or row.speaker not in cast.heard)
        for row in left_out.itertuples()
    ]
    missed = left_out[helps]
    if missed.empty:
        return ""
    named = ", ".join(f"{row.path} ({row.reason})" for row in missed.head(FILES).itertuples())
    more = f" and {len(missed) - FILES} more" if len(missed) > FILES else ""
    return f"repair {named}{more}, left out for the audio, and run again"


def _smallest_change(cast: Cast, settings: FoldSettings) -> str:
    """Of settings; else of emotions too, or of what is recorded."""
    cast = replace(
        cast, rows=cast.rows.drop_duplicates(["speaker", "session", "gender", "emotion"])
    )
    change = _working(cast, settings)
    if change is not None:
        return f"set {change}: that works"
    recorded, recordings = _recorded(cast)
    record = _with("record " + recordings, _working(recorded, settings))
    incomplete = [e for e in cast.emotions if any(e not in has for has in cast.heard.values())]
    sizes = range(1, len(cast.emotions) - 1)  # a network needs two
    omissions = (omitted for size in sizes for omitted in combinations(incomplete, size))
    for omitted in islice(omissions, OMISSIONS):
        change = _working(cast.without(omitted), settings)
        if change is not None:
            leave_out = _with(f"leave {', '.join(omitted)} out of emotions", change)
            return f"{record}, or {leave_out}: either works"
    return f"{record}: no smaller change was found"


def _working(cast: Cast, settings: FoldSettings) -> str | None:
    """The first alternative that works, in words, blank if it is the present settings."""
    for alternative in _alternatives(cast, settings):
        try:
            deal(cast, alternative)
        except MisfitError:
            continue
        changed = [
            f"folds.{field.name} to {getattr(alternative, field.name)}"
            for field in fields(settings)
            if getattr(alternative, field.name) != getattr(settings, field.name)
        ]
        return " and ".join(changed)
    return None


def _alternatives(cast: Cast, settings: FoldSettings) -> Iterator[FoldSettings]:
    """The present settings, then others: few changes before many, small ones before large."""
    if settings.scheme == "session":
        sessions = len(set(cast.rows["session"]))
        counts = dict.fromkeys(n for n in (settings.count, sessions) if 2 <= n <= MOST)
        sides = dict.fromkeys((settings.validation, "F", "M", "both"))
        both = product(counts, sides)
        yield from sorted(
            (replace(settings, count=count, validation=side) for count, side in both),
            key=lambda s: (s.count != settings.count) + (s.validation != settings.validation),
        )
        settings = replace(settings, scheme="speaker")
    speakers = len(cast.heard)
    yield settings
    yield from (replace(settings, seed=seed) for seed in SEEDS)
    counts = _nearest(settings.count, range(2, min(speakers, MOST) + 1))
    testing = math.ceil(speakers / min(max(speakers, 1), settings.count))
    validations = _nearest(
        min(settings.validation_speakers, speakers - testing - 1), range(1, speakers - 1)
    )

    def size(change: tuple[int, int]) -> tuple[int, int]:
        steps = [abs(change[0] - settings.validation_speakers), abs(change[1] - settings.count)]
        return sum(map(bool, steps)), sum(steps)

    for validation, count in sorted(product(validations, counts), key=size):
        yield replace(settings, count=count, validation_speakers=validation)


def _nearest(value: int, possible: range) -> list[int]:
    """Those nearest to the value, and the two ends."""
    nearest = sorted(possible, key=lambda each: abs(each - value))[:NEAREST]
    return list(dict.fromkeys([*nearest, *possible[:1], *possible[-1:]]))


def _recorded(cast: Cast) -> tuple[Cast, str]:
    """The corpus with as many complete speakers as suffice, and what to record for that."""
    best = sorted(cast.heard, key=lambda speaker: len(cast.lacks([speaker])))[:NEEDED]
    lacking = {speaker: cast.lacks([speaker]) for speaker in best}
    what = [f"{', '.join(es)} of {speaker}" for speaker, es in lacking.items() if es]
    people = cast.rows.drop_duplicates("speaker").set_index("speaker")[["session", "gender"]]
    rows = [(s, *people.loc[s], emotion) for s, emotions in lacking.items() for emotion in emotions]
    new = NEEDED - len(best)
    if new:
        what.append(f"{new} more speaker{'s' * (new > 1)} with every emotion")
        rows += [(f"new {i}", "", "", emotion) for i in range(new) for emotion in cast.emotions]
    added = pd.DataFrame(rows, columns=["speaker", "session", "gender", "emotion"])
    return replace(cast, rows=pd.concat([cast.rows, added])), " and ".join(what)


def _with(what: str, change: str | None) -> str:
    return f"{what} and set {change}" if change else what
