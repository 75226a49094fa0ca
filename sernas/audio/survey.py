"""What a recording sounds like, to tell its owner: its format, how loud it is, its silent ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sernas.audio.reading import mono_blocks, open_audio, require_whole
from sernas.audio.recording import Fingerprint
from sernas.audio.sound import Sound
from sernas.audio.trimming import sounding

QUIET_DB = 40.0
"""So far below the loudest frame is silence where nothing else is said."""


@dataclass(frozen=True)
class Survey:
    """What is known of a recording.

    Attributes:
        rate: in Hz.
        channels: of them.
        seconds: how long it lasts.
        samples_sha256: see :class:`sernas.audio.recording.Recording`; empty, as are the next, where
            only the header was read.
        loudness_db: root mean square of what lies between the silent ends, in dBFS.
        lead_s, tail_s: silence at its start and its end, in seconds.
    """

    rate: int
    channels: int
    seconds: float
    samples_sha256: str = ""
    loudness_db: float | None = None
    lead_s: float | None = None
    tail_s: float | None = None

    @property
    def sounding_s(self) -> float:
        """Seconds between the silent ends, as far as they are known."""
        return self.seconds - (self.lead_s or 0) - (self.tail_s or 0)


def glance(path: str | Path, silence_db: float, trim_db: float | None = None) -> Survey:
    """What its header tells; all of it where that does not count the samples.

    Raises :class:`AudioError` where the header alone shows that the file cannot be used.
    """
    with open_audio(path) as sound:
        if sound.length is not None:
            require_whole(path, sound, sound.length)
            return Survey(sound.samplerate, sound.channels, sound.length / sound.samplerate)
    return survey(path, silence_db, trim_db)


def survey(path: str | Path, silence_db: float, trim_db: float | None = None) -> Survey:
    """What is heard of a file, decoded once in bounded memory.

    Args:
        trim_db: what is so far below its loudest is silence; None: ``QUIET_DB``.

    Raises :class:`AudioError` for whatever :func:`sernas.audio.recording.examine` does.
    """
    with open_audio(path) as sound:
        rate = sound.samplerate
        fingerprint, power = Fingerprint(rate), _Power()
        blocks = power.of(fingerprint.of(mono_blocks(path, sound, silence_db)))
        first, end = sounding(blocks, rate, QUIET_DB if trim_db is None else trim_db)
        return _survey(sound, fingerprint, power, first, end)


def _survey(sound: Sound, fingerprint: Fingerprint, power: _Power, first: int, end: int) -> Survey:
    found, rate = fingerprint.recording(), sound.samplerate
    return Survey(
        rate,
        sound.channels,
        found.seconds,
        found.samples_sha256,
        power.decibels(end - first),
        first / rate,
        found.seconds - end / rate,
    )


class _Power:
    """Of samples that pass, without their mean."""

    def __init__(self):
        self._samples, self._sum, self._squares = 0, 0.0, 0.0

    def of(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """The same pieces (N,)."""
        for block in blocks:
            self._samples += len(block)
            self._sum += float(block.sum(dtype=np.float64))
            self._squares += float(np.dot(block, block))
            yield block

    def decibels(self, samples: int) -> float | None:
        """Root mean square in dBFS, were all of it in so many samples; None: of nothing."""
        power = (self._squares - self._sum**2 / self._samples) / max(samples, 1)
        return 10 * math.log10(power) if power > 0 else None
