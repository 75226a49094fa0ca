"""Where the segments of an utterance lie, in one stream of frames or in several."""

from __future__ import annotations

from collections.abc import Sequence

from sernas.base.errors import FoldError
from sernas.features.store import StoreSettings
from sernas.settings.folds import FoldSettings

Span = tuple[int, int]
"""(offset, frames)."""


def cut(frames: int, length: int, hop: int, tail: str = "pad") -> list[Span]:
    """(offset, frames) of the segments of an utterance; only the last may be shorter.

    They start at 0, hop, 2 * hop ... until one reaches the utterance's end. Where others come
    before a last one that is shorter, ``tail`` "shift" makes it whole by an earlier start, and
    "drop" leaves it out.
    """
    starts = range(0, max(frames - length + hop, 1), hop)
    *whole, last = [(start, min(length, frames - start)) for start in starts]
    if whole and last[1] < length and tail != "pad":
        return [*whole, (frames - length, length)] if tail == "shift" else whole
    return [*whole, last]


class Cut:
    """Cuts utterances into segments of the same seconds in every stream.

    They are those of the first stream; in another, a segment begins with the frame nearest in time,
    half a frame away at most. One that lies beyond another stream's last frame is left out: a
    speech model, which sees no zeros beyond the end, has up to a window less to say.

    Attributes:
        lengths: frames of a segment, stream by stream.

    Raises:
        FoldError: segments would not advance.
    """

    def __init__(self, streams: Sequence[StoreSettings], settings: FoldSettings):
        self._streams = streams
        self.lengths = [stream.frames(settings.segment_s) for stream in streams]
        hops = [
            length - stream.frames(settings.overlap_s)
            for length, stream in zip(self.lengths, streams, strict=True)
        ]
        for hop, stream in zip(hops, streams, strict=True):
            if hop < 1:
                raise FoldError(
                    f"folds: expected segments that advance by a frame of {stream.hop_ms:g} ms or "
                    f"more, found folds.segment_s {settings.segment_s} with folds.overlap_s "
                    f"{settings.overlap_s}; make the segments longer or their overlap shorter"
                )
        self._hop, self._tail = hops[0], settings.tail

    def __call__(self, frames: Sequence[int]) -> list[tuple[Span, ...]]:
        """The segments of an utterance of so many ``frames``: where each is, stream by stream."""
        starts = cut(frames[0], self.lengths[0], self._hop, self._tail)
        segments = [self.at(start, frames) for start, _ in starts]
        return [spans for spans in segments if min(n for _, n in spans) > 0]

    def at(self, start: int, frames: Sequence[int]) -> tuple[Span, ...]:
        """The segment that begins with that frame of the first stream, stream by stream."""
        first = self._streams[0]
        starts = [
            round(start * first.hop * s.sample_rate / (first.sample_rate * s.hop))
            for s in self._streams
        ]
        return tuple(
            (start, min(length, max(0, all_of_it - start)))
            for start, length, all_of_it in zip(starts, self.lengths, frames, strict=True)
        )
