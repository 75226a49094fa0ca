"""A kind of frames: how it is stored, made, and seen by a network. Light: torch is not imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sernas.base.registry import Registry
from sernas.settings.features import FramesOverTime


@dataclass(frozen=True)
class Stream:
    """A stream of frames.

    Attributes:
        name: in the cards of systems.
        store: of its file, ``<store>.h5``, and of the rule that makes it, ``extract_<store>``.
        kind: what a store says that it holds.
        statistics: what stands behind a fold's number in the name of the file of its statistics.
        section: of the configuration that says how it is made; None: it is always made alike.
        made_by: what that section is read into, or the settings that it always has.
        settings: what a store says of its frames.
        libraries: whose versions a store notes.
        extra: the library that must be installed for it besides our own dependencies, and the
            extra of ours that has it.
        extraction: dotted name of what fills a store; see :mod:`sernas.features.extraction`.
        front_end: dotted name of what makes the same frames of samples, given the settings of a
            store; see :mod:`sernas.features.front_end`. None: models that take it cannot be
            released.
        on_device: whether that works on a GPU, and can go on where it was ended.
        channels: that a network sees; None: as many as there are.
        there: whether the configuration names all that it is made from; systems that take it are
            else left out.
        needs: the files that it is made from besides the corpus.
        caption: what a table says of it; the empty string: nothing.
        extraction_mb: memory of making it.
        extraction_minutes: the time of making it, without a GPU and with one.
        disk_mb: of a store of so many seconds, by what the configuration says of how it is made.
        step_mb: memory of a step of training for a segment of so many seconds, beside what the
            system's own cost says.
        utterance_mb: memory that scoring a whole utterance of so many seconds takes, likewise.
        epoch_minutes: of an epoch of IEMOCAP, likewise, without a GPU and with one.
    """

    name: str
    store: str
    kind: str
    statistics: str
    section: str | None
    made_by: type
    settings: type[FramesOverTime]
    libraries: tuple[str, ...]
    extraction: str | Callable[..., Any]
    extraction_mb: int
    extraction_minutes: tuple[int, int]
    extra: tuple[str, str] | None = None
    front_end: str | Callable[..., Any] | None = None
    on_device: bool = False
    channels: int | None = None
    there: Callable[[Any], bool] = lambda settings: True
    needs: Callable[[Any], list[str]] = lambda settings: []
    caption: Callable[[Any], str] = lambda settings: ""
    disk_mb: Callable[[Any, float], float] = lambda settings, seconds: 0.0
    step_mb: Callable[[float], float] = lambda seconds: 0.0
    utterance_mb: Callable[[float], float] = lambda seconds: 0.0
    epoch_minutes: tuple[float, float] = (0.0, 0.0)

    def settings_in(self, configuration: Any) -> Any:
        """What a configuration says of how it is made."""
        return self.made_by() if self.section is None else getattr(configuration, self.section)


STREAMS: Registry[Stream] = Registry("stream", "sernas.features.streams")
