"""Where paths of recordings say who speaks, and with which emotion; told, or found."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sernas.base.errors import CorpusError, SettingsError
from sernas.corpora.emotions import emotion_of
from sernas.corpora.label_files import shown

COVERAGE = 0.9  # of the recordings, or of the speakers, that must be as a layout has them
MOST_FOLDERS, MOST_PARTS = 6, 10  # that are looked at
EXAMPLES = 4  # values that are shown

_PART, _GAP = "[^/_. -]+", "[_. -]+"
_PERSON = re.compile(
    r"(speaker|spkr?|actor|subject|subj|participant|person|talker|user)[_\-. ]?\w+", re.I
)
_NO_PERSON = re.compile(
    r"(ses|session|script|sentence|sent|take|rep|text|dialog|dialogue|scene|train|test|dev|eval|"
    r"validation|valid|val|fold|part|set|split|cd|disc|audio|version|level)[_\-. ]?\d*[a-z]?",
    re.I,
)


@dataclass(frozen=True)
class Place:
    """Where a path says something.

    Attributes:
        pattern: a regular expression; what its ``group`` finds in a path is what it says.
        words: the same for people.
        folder: whether it is the name of a whole folder.
        told: whether the user said so.
    """

    pattern: str
    words: str
    folder: bool = False
    told: bool = False
    group: int | str = 1

    @cached_property
    def _search(self) -> Callable[[str], re.Match[str] | None]:
        return re.compile(self.pattern).search

    def value(self, path: str) -> str:
        """What it says in a path; nothing where there is no such place."""
        match = self._search(path)
        return (match[self.group] or "").strip() if match else ""


@dataclass(frozen=True)
class Layout:
    """Where paths say who speaks and with which emotion.

    Attributes:
        others: what might be meant in place of ``speaker``, which was not told.
    """

    speaker: Place
    emotion: Place
    others: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For people."""
        return f"speaker = {self.speaker.words}, emotion = {self.emotion.words}"

    def labels(self, path: str) -> tuple[str, str]:
        """(speaker, emotion) of a path, either perhaps empty. What the user pointed at is taken as
        it is where it is no name of an emotion."""
        said = self.emotion.value(path)
        known = emotion_of(said) or (said.lower() if self.emotion.told else "")
        return self.speaker.value(path), known


def told(option: str, pattern: str) -> Place:
    """A place that the user says.

    Raises:
        SettingsError: it is no regular expression with a group.
    """
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise SettingsError(
            f"{option}: expected a regular expression, found {pattern!r} ({error}); correct it"
        ) from error
    if not groups:
        raise SettingsError(
            f"{option}: expected a regular expression with a group in parentheses, found "
            f"{pattern!r}; put what it is to find in parentheses"
        )
    return Place(pattern, f"what {option} finds", told=True)


def named(pattern: str) -> tuple[Place, Place]:
    """The places of speaker and emotion that the user says in one.

    Raises:
        SettingsError: it is no regular expression with these groups.
    """
    place = told("--pattern", pattern)
    groups = re.compile(pattern).groupindex
    if missing := [name for name in ("speaker", "emotion") if name not in groups]:
        raise SettingsError(
            f"--pattern: expected the groups (?P<speaker>...) and (?P<emotion>...), found none "
            f"called {' nor '.join(missing)} in {pattern!r}; name both"
        )
    return replace(place, group="speaker"), replace(place, group="emotion")


def places_of(
    speaker: str | None, emotion: str | None, both: str | None
) -> tuple[Place | None, Place | None]:
    """The places of speaker and emotion that the user says, in a pattern each or in one for both.

    Raises:
        SettingsError: a pattern is wrong, or there are too many.
    """
    if both and (speaker or emotion):
        raise SettingsError(
            "--pattern: expected it alone, found --speaker or --emotion beside it; leave one out"
        )
    if both:
        return named(both)
    return speaker and told("--speaker", speaker), emotion and told("--emotion", emotion)


def find_layout(
    paths: Sequence[str], root: str, speaker: Place | None = None, emotion: Place | None = None
) -> Layout:
    """The layout of a folder of recordings, where there is one that cannot be mistaken.

    An emotion is where nine of ten paths have a name of one (:func:`emotion_of`). A speaker is
    where paths have more than two values, and fewer than half as many as there are paths, with
    several emotions each; of several such places, the one that says so (``actor_3``), or else the
    only folder.

    Args:
        paths: relative to ``root``, with forward slashes.
        speaker, emotion: what the user says of it.

    Raises:
        CorpusError: there is none, or several.
    """
    places = list(_places(paths))
    emotion = emotion or _emotion(paths, root, places)
    others: tuple[str, ...] = ()
    if speaker is None:
        speaker, others = _speaker(paths, root, places, emotion)
    return Layout(speaker, emotion, others)


def _places(paths: Sequence[str]) -> Iterator[Place]:
    """Folders from the top, their parts, and the parts of names from either end."""
    depth = min(MOST_FOLDERS, max((path.count("/") for path in paths), default=0))
    for level in range(1, depth + 1):
        above, which = f"^{_times('[^/]+/', level - 1)}", f"the {_nth(level)} folder"
        yield Place(f"{above}([^/]+)/", which, folder=True)
        for part in range(1, MOST_PARTS + 1):
            before = _times(_PART + _GAP, part - 1)
            yield Place(f"{above}{before}({_PART})[^/]*/", f"the {_nth(part)} part of {which}")
    for part in range(1, MOST_PARTS + 1):
        before = _times(_PART + _GAP, part - 1)
        start = f"(?:^|/){before}" if before else ""
        yield Place(f"{start}({_PART})[^/]*$", f"the {_nth(part)} part of the name")
    for part in range(1, MOST_PARTS + 1):
        end = "the last" if part == 1 else f"the {_nth(part)} last"
        after = _times(_GAP + _PART, part - 1)
        yield Place(rf"({_PART}){after}\.\w+$", f"{end} part of the name")


def _times(pattern: str, number: int) -> str:
    return pattern * number if number < 2 else f"(?:{pattern}){{{number}}}"


def _emotion(paths: Sequence[str], root: str, places: Sequence[Place]) -> Place:
    found: dict[tuple[str | None, ...], Place] = {}
    best, most = None, 0
    for place in places:
        said = tuple(emotion_of(place.value(path)) for path in paths)
        number = sum(map(bool, said))
        if number >= COVERAGE * len(paths) and len(set(said) - {None}) > 1:
            found.setdefault(said, place)
        if number > most:
            best, most = place, number
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise CorpusError(
            f"{root}: expected one place in the paths that says the emotion, found several; give "
            "the right one:"
            + "".join(
                f"\n  {place.words} ({_examples([each or '?' for each in said])}): "
                f"--emotion '{place.pattern}'"
                for said, place in found.items()
            )
        )
    nearest = f"; most, {most}, in {best.words}: --emotion '{best.pattern}'" if best else ""
    raise CorpusError(
        f"{root}: expected recordings whose paths name two emotions or more, as anger, ANG or "
        f"happ, found no place where {100 * COVERAGE:g} % of {len(paths)} do (the first: "
        f"{shown(paths[0])}{nearest}); say where: --emotion 'a regular expression with one "
        "(group)', or write a manifest.csv of path, speaker, emotion"
    )


def _speaker(
    paths: Sequence[str], root: str, places: Sequence[Place], emotion: Place
) -> tuple[Place, tuple[str, ...]]:
    """The place, and what else it might have been."""
    emotions = [emotion_of(said) or said for said in map(emotion.value, paths)]
    found: dict[tuple[int, ...], tuple[Place, list[str]]] = {}
    for place in places:
        values = [place.value(path) for path in paths]
        if place.pattern != emotion.pattern and _are_people(values, emotions):
            numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
            found.setdefault(tuple(numbers[value] for value in values), (place, values))
    candidates = list(found.values())
    said = [
        f"{place.words} ({_examples(values)}): --speaker '{place.pattern}'"
        for place, values in candidates
    ]
    if not candidates:
        raise CorpusError(
            f"{root}: expected recordings whose paths say who speaks, found no place with more "
            f"than two values, fewer than {len(paths) / 2:g}, and several emotions of each (the "
            f"first path: {shown(paths[0])}); say where: --speaker 'a regular expression with one "
            "(group)', or write a manifest.csv of path, speaker, emotion"
        )
    ranks = [_rank(*candidate) for candidate in candidates]
    best = max(ranks)
    if len(candidates) > 1 and (not best or ranks.count(best) > 1):
        raise CorpusError(
            f"{root}: expected one place in the paths that says who speaks, found several; give "
            "the right one, as whoever is taken for two speakers trains and tests:\n  "
            + "\n  ".join(said)
        )
    chosen = ranks.index(best)
    return candidates[chosen][0], tuple(each for n, each in enumerate(said) if n != chosen)


def _are_people(values: Sequence[str], emotions: Sequence[str]) -> bool:
    of_speaker: dict[str, set[str]] = defaultdict(set)
    for value, emotion in zip(values, emotions, strict=True):
        if value:
            of_speaker[value].add(emotion)
    several = sum(len(each) > 1 for each in of_speaker.values())
    return (
        sum(map(bool, values)) >= COVERAGE * len(values)
        and 2 < len(of_speaker) < len(values) / 2
        and several >= COVERAGE * len(of_speaker)
    )


def _rank(place: Place, values: Sequence[str]) -> int:
    """How much a place looks as if it told people apart: 2, it says so; 1, it is a folder."""
    if all(_PERSON.fullmatch(value) for value in values if value):
        return 2
    return int(place.folder and not all(_NO_PERSON.fullmatch(value) for value in values if value))


def _examples(values: Sequence[str]) -> str:
    counts = Counter(values)
    listed = ", ".join(shown(value) for value in sorted(counts)[:EXAMPLES])
    return f"{len(counts)} values: {listed}{', ...' * (len(counts) > EXAMPLES)}"


def _nth(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"
