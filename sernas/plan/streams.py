"""Which kinds of frames a table needs, and what they are called and said of."""

from __future__ import annotations

from collections.abc import Iterable

from sernas.features.stream import STREAMS
from sernas.plan.configuration import Settings
from sernas.systems.card import SYSTEMS


def streams_of(systems: Iterable[str]) -> list[str]:
    """The streams that some systems take, in the order of all streams."""
    taken = {stream for system in systems for stream in SYSTEMS[system].streams}
    return [stream for stream in STREAMS if stream in taken]


def caption(note: str, used: Iterable[str], settings: Settings) -> str:
    """What the caption of a table says of the paper, and of its streams."""
    cards = [STREAMS[stream] for stream in used]
    said = [card.caption(card.settings_in(settings)) for card in cards]
    return " ".join(filter(None, [note, *said]))
