"""The bytes of a file as libsndfile has to see them, to decode all of what is there."""

from __future__ import annotations

import mmap
import os
import re
import struct
from collections import Counter
from pathlib import Path

_BEYOND = 2**40  # bytes past the end of an MP3, which make libsndfile expect frames without end

_SYNC = re.compile(rb"\xff([\xe2-\xff])([^\xf0-\xff])(.)", re.DOTALL)
_ANOTHER = re.compile(rb"\xff[\xe2-\xff]|ID3")
_ID3 = re.compile(rb"ID3.{3}([\0-\x7f]{4})", re.DOTALL)
_XING = re.compile(rb"(?:Xing|Info)\0\0\0([\1-\x0f])(.{4})(.{4})", re.DOTALL)
_TAGS = re.compile(rb"TAG|APETAGEX|LYRICSBEGIN|ID3")
_CHUNK = re.compile(rb"[ -~]{4}")


class View(mmap.mmap):
    """A file's bytes from ``start`` on, which may be changed for libsndfile's eyes alone.

    ``beyond``: so many bytes longer it says it is.
    """

    start = beyond = 0
    _at_end = False

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        """As of a file, within the bytes."""
        origin = (self.start, super().tell(), len(self))[whence]
        super().seek(min(max(0, origin + offset), len(self)))
        self._at_end = whence == os.SEEK_END

    def tell(self) -> int:
        """The place in the bytes, or at their end how long they say they are."""
        return super().tell() - self.start + self.beyond * self._at_end

    def only_tags_left(self) -> bool:
        """Whether what was read last is the end, or text about the audio that stands after it."""
        place = super().tell()
        return place == len(self) or bool(_TAGS.search(self, max(0, place - 2048), place))


def view(path: str | Path) -> View:
    """A file's bytes as they are."""
    with open(path, "rb") as file:
        return View(file.fileno(), 0, access=mmap.ACCESS_COPY)


def uncounted_mpeg(path: str | Path) -> View | None:
    """The MPEG audio of a file whose frames nothing counts; None where a Xing header does.

    libsndfile then takes the first frame's size for that of all, and reads no further than it
    expects. It also expects a frame at the very start, where a stream that was cut has half a one.
    """
    data, start = view(path), 0
    while tag := _ID3.match(data, start):
        start += 10 + sum(byte << 7 * n for n, byte in enumerate(reversed(tag[1])))
    data.start, data.beyond = _first_frame(data, start), _BEYOND
    if header := _XING.search(data, data.start, data.start + 64):
        flags, frames, size = header[1][0], *(int.from_bytes(part) for part in header.groups()[1:])
        end = data.start + size
        joined = flags & 2 and end + 4096 < len(data) and _ANOTHER.match(data, end)  # a file more
        if flags & 1 and frames and not joined:
            return None
        data[header.start() : header.start() + 4] = bytes(4)
    data.seek(0)
    return data


def _first_frame(data: View, start: int) -> int:
    """Where the first whole frame begins: with the header that, but for its size, recurs most."""
    if _SYNC.match(data, start):
        return start
    found = {
        header.start(): (header[1], header[2][0] & 0x0C, header[3][0] & 0x0F)
        for header in _SYNC.finditer(data, start, start + 2**16)
    }
    kinds = Counter(found.values())
    return max(found, key=lambda place: (kinds[found[place]], -place), default=start)


def unfilled_wave(path: str | Path) -> View | None:
    """A WAV whose writer never went back to fill in the size of the data, as one of a pipe."""
    data, place = view(path), 12
    order = ">" if data[:4] == b"RIFX" else "<"
    while place + 16 <= len(data):
        name, size, following, more = struct.unpack_from(f"{order}4sI4sI", data, place)
        if name == b"data":
            empty = _CHUNK.fullmatch(following) and place + 16 + more <= len(data)
            if size or empty:
                return None
            data[place + 4 : place + 8] = struct.pack(f"{order}I", len(data) - place - 8)
            return data
        place += 8 + size + size % 2
    return None
