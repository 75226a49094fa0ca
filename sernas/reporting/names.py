"""Names as a picture can show them: in any script that there is a font for, short, different."""

from __future__ import annotations

import logging
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

from matplotlib.figure import Figure

from sernas.reporting.fonts import fonts_for

DPI = 200  # of measuring; a text's width is rounded to dots


class Shown(NamedTuple):
    """What stands for some names.

    Attributes:
        texts: one a name.
        fonts: families; a character is drawn in the first that has it.
        widest: of the texts, in inches.
        numbered: whether there are names' numbers among the texts.
    """

    texts: list[str]
    fonts: list[str]
    widest: float
    numbered: bool


@cache  # so a warning is given once
def shown(names: tuple[str, ...], size: float, most: float) -> Shown:
    """Names in the present style's font and, where it lacks characters, in others that have them.

    What no font has is left out, with a warning, and #1, #2 ..., the name's number, stands before
    what remains. So it does where names are alike when they are cut.

    Args:
        size: of the font, in points.
        most: inches; a name that is wider ends in an ellipsis.
    """
    names = tuple(unicodedata.normalize("NFC", name) for name in names)
    fonts, missing = fonts_for(set("".join(names)))
    seen = {c for c in missing if not _invisible(c)}

    def width(text: str) -> float:
        drawn = Figure(dpi=DPI).text(0, 0, text, size=size, family=fonts, parse_math=False)
        return drawn.get_window_extent().width / DPI

    def cut(text: str) -> str:
        shorter = (f"{text[:n].rstrip()}\N{HORIZONTAL ELLIPSIS}" for n in range(len(text), 0, -1))
        return text if width(text) <= most else next(s for s in shorter if width(s) <= most)

    texts = [cut(_without(missing, name) if missing & set(name) else name) for name in names]
    times = Counter(texts)
    stand_ins = {
        number - 1: f"#{number} {text}".strip()
        for number, (name, text) in enumerate(zip(names, texts, strict=True), start=1)
        if seen & set(name) or times[text] > 1
    }
    if seen:
        meaning = ", ".join(f"{text} for {names[i]}" for i, text in stand_ins.items())
        logging.warning(
            "no installed font has %s, so pictures show %s; install a font that has them (those of "
            "Noto do), and delete the pictures to draw them again",
            " ".join(sorted(seen)),
            meaning,
        )
    texts = [stand_ins.get(i, text) for i, text in enumerate(texts)]
    return Shown(texts, fonts, max(map(width, texts)), bool(stand_ins))


def _without(missing: set[str], name: str) -> str:
    """What remains to be drawn; what joined the missing goes too."""
    drawn = "".join(" " if c in missing or _invisible(c) else c for c in name)
    return " ".join(drawn.split())


def _invisible(character: str) -> bool:
    """Spaces, and what only tells how its neighbours look: joiners, variation selectors."""
    return (
        character.isspace()
        or unicodedata.category(character) == "Cf"
        or unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    )
