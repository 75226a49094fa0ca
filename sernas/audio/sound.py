"""Decoding an audio file from its start to its end, with libsndfile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from sernas.audio.views import uncounted_mpeg, unfilled_wave, view

_BLOCK = 2**18  # samples, of all channels, that are decoded at a time
_MPEG_FRAME = 576  # or twice as many
_UNKNOWN = 2**36  # frames, from which on nothing counted them: a FLAC header holds fewer
_LATER_PAGE = re.compile(rb"OggS\0[^\2]")


class Sound(soundfile.SoundFile):
    """An audio file, opened to be decoded once, from its start to its end.

    Raises :class:`soundfile.SoundFileError` or TypeError for what libsndfile cannot read.
    """

    def __init__(self, path: str | Path):
        self._path, self._view = path, None
        super().__init__(path)
        if self.format == "MP3":
            self._view = uncounted_mpeg(path)
        elif self.format in ("WAV", "WAVEX") and not self.frames:
            self._view = unfilled_wave(path)
        if self._view is not None:
            self.close()
            super().__init__(self._view)

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
        data = view(self._path)
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
                if self._view is None or not self._view.only_tags_left():
                    raise
                going_on = False
            if filled:
                yield block[:filled]
