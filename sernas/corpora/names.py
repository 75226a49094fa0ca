"""Whether two names are one thing's, spelled twice."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from sernas.base.errors import CorpusError, Refuse, raised

CLOSE = 0.6  # of difflib: anger and angry, sadness and sad, but no two of IEMOCAP's emotions

# what no eye sees, besides the category of format characters
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"\d+")
_WHOLE = re.compile(r"\A(\d+)\.0+\Z")  # a number as spreadsheets and data frames write it


def canonical(name: str) -> str:
    """Equal for two spellings of one name.

    Compatible forms of letters (Unicode's NFKC), capitals, what is not seen, kinds and numbers of
    spaces, kinds of dashes, and zeros before a number make no difference.
    """
    seen = _without_unseen(name)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    spaced = _SPACES.sub(" ", "".join(map(_plain, _without_unseen(folded)))).strip()
    return _NUMBER.sub(_value, _WHOLE.sub(r"\1", spaced))


@cache
def meant(name: str, known: tuple[str, ...]) -> str | None:
    """Which of ``known`` a name may be a misspelling of, if any."""
    by_form = {canonical(each): each for each in known}
    close = difflib.get_close_matches(canonical(name), by_form, n=1, cutoff=CLOSE)
    return by_form[close[0]] if close else None


def require_one_spelling(rows: Iterable[Mapping[str, str]], refuse: Refuse = raised) -> None:
    """Refuse, with a CorpusError, a speaker or a session that is spelled in two ways.

    Who is taken for two speakers trains and tests.

    Args:
        rows: with ``speaker``, ``session``, ``path``, and perhaps ``where`` they stand.
    """
    for column in ("speaker", "session"):
        where: dict[str, str] = {}
        for row in rows:
            where.setdefault(row[column], row.get("where") or row["path"])
        spellings: dict[str, str] = {}
        for name in where:
            first = spellings.setdefault(canonical(name), name)
            if name != first:
                refuse(
                    CorpusError(
                        f"{where[name]}: expected one spelling of each {column}, found "
                        f"{escaped(name)} and, in {where[first]}, {escaped(first)}, which differ "
                        "in no more than capitals, zeros before a number, spaces, or letters that "
                        f"look alike; write one {column} alike, and two so that they differ in more"
                    )
                )


def escaped(name: str) -> str:
    """A name as it may stand in a message, and in ASCII where it may look like another."""
    return repr(name) if name.isascii() else f"{name!r} ({name!a})"


def _without_unseen(name: str) -> str:
    return _UNSEEN.sub("", "".join(each for each in name if unicodedata.category(each) != "Cf"))


def _plain(letter: str) -> str:
    if unicodedata.category(letter) == "Pd":
        return "-"
    return str(unicodedata.decimal(letter, letter))


def _value(digits: re.Match[str]) -> str:
    return digits[0].lstrip("0") or "0"
