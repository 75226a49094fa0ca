"""What containers say of their length, and whether the audio falls short of it."""

from __future__ import annotations

import mmap
import os
import re
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

_BLOCK = 2**18  # samples, of all channels, that are decoded at a time
_MPEG_FRAME = 576  # or twice as many
_UNKNOWN = 2**36  # frames, from which on nothing counted them: a FLAC header holds fewer
_BEYOND = 2**40  # bytes past the end of an MP3, which make libsndfile's estimate greater than that

_SYNC = re.compile(rb"\xff([\xe2-\xff])([^\xf0-\xff])(.)", re.DOTALL)
_ID3 = re.compile(rb"ID3.{3}([\0-\x7f]{4})", re.DOTALL)
_ANOTHER = re.compile(rb"\xff[\xe2-\xff]|ID3")
_XING = re.compile(rb"(?:Xing|Info)\0\0\0([\1-\x0f])(.{4})(.{4})", re.DOTALL)
_TAGS = re.compile(rb"TAG|APETAGEX|LYRICSBEGIN|ID3")
_LATER_PAGE = re.compile(rb"OggS\0[^\2]")
_CHUNK = re.compile(rb"[ -~]{4}")

# libsndfile silently shortens a cut file to what is there; only its log tells what was promised,
# and for SPHERE the header itself. IRCAM, PAF and PVF promise nothing, so there it goes unseen.
_PROMISE = re.compile(r"(?:data|Data Size|SSND|BODY|riff)\s*: (\d+) \(should be (\d+)\)")
_OUTERMOST = re.compile(r"(?:RIFF|RIFX|FORM)\s*: (\d+)(?: \(should be (\d+)\))?")
_FRAMES = re.compile(r"(?:Frames|Cols)\s*: (\d+)")
_SPHERE_FRAMES = re.compile(rb"^sample_count -i (\d+)\s*$", re.MULTILINE)
_CUT = (
    "without an End-Of-Stream flag",
    "lacks an end-of-stream bit",
    "Junk after the last page",
    "does not match value from 'ds64'",
    "File seems to be truncated",
    "Seems to be a truncated",
    "Data length",
)
_STREAMED = 0x7FFFF000  # sizes from here up are placeholders of writers to a pipe, no promise


class Sound(soundfile.SoundFile):
    """An audio file, opened to be decoded once, from its start to its end.

    Raises :class:`soundfile.SoundFileError` or TypeError for what libsndfile cannot read.
    """

    def __init__(self, path: str | Path):
        self._path, self._bytes = path, None
        super().__init__(path)
        if self.format == "MP3":
            self._bytes = _uncounted_mpeg(path)
        elif self.format in ("WAV", "WAVEX") and not self.frames:
            self._bytes = _unfilled_wave(path)
        if self._bytes is not None:
            self.close()
            super().__init__(self._bytes)

    def seekable(self) -> bool:
        """No: soundfile would seek after every block, which GSM cannot and MP3 does not well."""
        return False

    @property
    def length(self) -> int | None:
        """Frames, where something in the file counts them."""
        return self.frames if self.frames < _UNKNOWN else None

    @property
    def chained(self) -> bool:
        """Whether it is an Ogg of several streams in a row: libsndfile decodes the first alone."""
        if self.format != "OGG":
            return False
        data = _bytes(self._path)
        later = _LATER_PAGE.search(data)
        return later is not None and data.find(b"OggS\0\2", later.end()) > 0

    def blocks(self) -> Iterator[np.ndarray]:
        """What decodes, however long it was said to be: (N, C) float32, full scale 1."""
        size = (_BLOCK // self.channels // _MPEG_FRAME + 1) * _MPEG_FRAME
        step = size if self.length else _MPEG_FRAME  # so that an error loses no more
        going_on = True
        while going_on:
            block, filled = np.empty((min(size, self.length or size), self.channels), "f4"), 0
            try:
                while read := len(self.read(out=block[filled : filled + step])):
                    filled += read
                going_on = filled > 0
            except soundfile.SoundFileError:
                if self._bytes is None or not self._bytes.only_tags_left():
                    raise
                going_on = False
            if filled:
                yield block[:filled]

    def shortfall(self, decoded: int) -> str:
        """What a file has of what it promises, if ``decoded`` frames are less; else nothing."""
        log = self.extra_info
        sizes = [(int(promised), int(found)) for promised, found in _PROMISE.findall(log)]
        cut = [size for size in sizes if size[1] < size[0] < _STREAMED and not self._counted(*size)]
        frames = max([self.length or 0, *self._promised_frames()])
        if decoded < frames:
            return f"{decoded} of the {frames} frames that its header promises"
        if cut:
            return f"{cut[0][1]} of the {cut[0][0]} bytes that its header promises"
        if any(sign in log for sign in _CUT):
            return "an end before the one that its header promises"
        return ""

    def _counted(self, promised: int, found: int) -> bool:
        """Whether a header says too much of the data only since it counted itself as well.

        Some writers give the size of the file, or that less 8, 36 or 44 bytes whatever comes
        before the data. Where the size of all is right, nothing is missing.
        """
        header, excess = os.path.getsize(self._path) - found, promised - found
        if excess in (8, header, header - 8, header - 36, header - 44):
            return True
        outermost = _OUTERMOST.search(self.extra_info)
        right = outermost and (not outermost[2] or int(outermost[1]) == int(outermost[2]) + 8)
        return bool(right) and excess <= header

    def _promised_frames(self) -> list[int]:
        """Frames that a header speaks of and ``frames`` does not."""
        if self.format == "NIST":
            with open(self._path, "rb") as header:
                text = header.read(4096).partition(b"end_head")[0]
            return [int(count) for count in _SPHERE_FRAMES.findall(text)]
        if self.format in ("AVR", "MAT5", "MPC2K"):
            return [int(count) for count in _FRAMES.findall(self.extra_info)]
        return []


class _Bytes(mmap.mmap):
    """A file's bytes from ``start`` on, which may be changed for libsndfile's eyes alone.

    ``beyond``: so many bytes longer it says it is.
    """

    start = beyond = 0
    _at_end = False

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> None:
        origin = (self.start, super().tell(), len(self))[whence]
        super().seek(min(max(0, origin + offset), len(self)))
        self._at_end = whence == os.SEEK_END

    def tell(self) -> int:
        return super().tell() - self.start + self.beyond * self._at_end

    def only_tags_left(self) -> bool:
        """Whether what was read last is the end, or text about the audio that stands after it."""
        place = super().tell()
        return place == len(self) or bool(_TAGS.search(self, max(0, place - 2048), place))


def _bytes(path: str | Path) -> _Bytes:
    with open(path, "rb") as file:
        return _Bytes(file.fileno(), 0, access=mmap.ACCESS_COPY)


def _uncounted_mpeg(path: str | Path) -> _Bytes | None:
    """The MPEG audio of a file whose frames nothing counts; None where a Xing header does.

    libsndfile then takes the first frame's size for that of all, and reads no further than it
    expects. It also expects a frame at the very start, where a stream that was cut has half a one.
    """
    data, start = _bytes(path), 0
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


def _first_frame(data: _Bytes, start: int) -> int:
    """Where the first whole frame begins: with the header that, but for its size, recurs most."""
    if _SYNC.match(data, start):
        return start
    found = {
        header.start(): (header[1], header[2][0] & 0x0C, header[3][0] & 0x0F)
        for header in _SYNC.finditer(data, start, start + 2**16)
    }
    kinds = Counter(found.values())
    return max(found, key=lambda place: (kinds[found[place]], -place), default=start)


def _unfilled_wave(path: str | Path) -> _Bytes | None:
    """A WAV whose writer never went back to fill in the size of the data, as one of a pipe."""
    data, place = _bytes(path), 12
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
