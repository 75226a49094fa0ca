"""Pictures as they stand in the page, each with what is seen on it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import NamedTuple


class Shown(NamedTuple):
    """A picture.

    Attributes:
        source: the picture itself, as a ``data:`` URI.
        title: its caption.
        seen: its text alternative.
        wide: whether it is too wide to be read on a phone without being moved.
    """

    source: str
    title: str
    seen: str
    wide: bool = False


class Group(NamedTuple):
    """Pictures of one kind.

    Attributes:
        title: heading.
        pictures: one a row, or a run of it.
        reading: how they are read, HTML.
    """

    title: str
    pictures: list[Shown]
    reading: str = ""


def png(path: str | Path) -> str:
    """A PNG file as a ``data:`` URI."""
    return f"data:image/png;base64,{b64encode(Path(path).read_bytes()).decode()}"


def svg(text: str) -> str:
    """An SVG document as a ``data:`` URI."""
    return f"data:image/svg+xml;base64,{b64encode(text.encode()).decode()}"
