"""Which fonts have which characters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from matplotlib import rcParams
from matplotlib.font_manager import FontPath, findfont, findSystemFonts, fontManager, get_font


def fonts_for(characters: set[str]) -> tuple[list[str], set[str]]:
    """The present style's font family, then the fewest other families that have what it lacks.

    Returns:
        Names of families, and the characters that no installed font has.
    """
    families = list(rcParams["font.family"])
    lacking = characters - _had(findfont(families[0]), characters)
    others = {name: _had(path, lacking) for name, path in _installed()} if lacking else {}
    while others and lacking:
        best = max(sorted(others), key=lambda name: len(others[name] & lacking))
        if not others[best] & lacking:
            break
        families.append(best)
        lacking -= others[best]
    return families, lacking


def _had(font: FontPath, characters: set[str]) -> set[str]:
    try:
        face = get_font(font)
    except (OSError, RuntimeError):  # gone since matplotlib's list was made, or damaged
        return set()
    return {c for c in characters if face.get_char_index(ord(c))}


def _installed() -> Iterator[tuple[str, FontPath]]:
    """The regular face of each family; those too that are newer than matplotlib's list."""
    known = {entry.fname for entry in fontManager.ttflist}
    for path in set(findSystemFonts()) - known:
        with suppress(OSError, RuntimeError, NotImplementedError):  # no font that can be drawn
            fontManager.addfont(path)
    for entry in fontManager.ttflist:
        regular = entry.style == "normal" and entry.weight == 400
        if regular and "lastresort" not in entry.name.lower().replace(" ", ""):  # has but boxes
            yield entry.name, FontPath(entry.fname, entry.index)
