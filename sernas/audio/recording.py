"""Which recording it is, whatever file it is in."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sernas.audio.reading import mono_blocks, open_audio


@dataclass(frozen=True)
class Recording:
    """What is heard of an audio file.

    Attributes:
        seconds: how long it lasts.
        samples_sha256: of its sample rate and its samples after averaging channels, to 24 bits:
            the same for all files that hold the same, whatever their container, their headers,
            the width of their samples, and how often they repeat one channel.
    """

    seconds: float
    samples_sha256: str


def examine(path: str | Path, silence_db: float) -> Recording:
    """Decode a file once, in bounded memory.

    Raises :class:`AudioError` for whatever :func:`sernas.audio.reading.read_audio` does.
    """
    with open_audio(path) as sound:
        fingerprint = Fingerprint(sound.samplerate)
        deque(fingerprint.of(mono_blocks(path, sound, silence_db)), maxlen=0)
    return fingerprint.recording()


class Fingerprint:
    """Of samples that pass, at ``rate`` Hz."""

    def __init__(self, rate: int):
        self._rate, self._samples = rate, 0
        self._digest = hashlib.sha256(b"%d" % rate)

    def of(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        """The same pieces (N,) float32."""
        for block in blocks:
            self._samples += len(block)
            self._digest.update(np.rint(block * np.float32(2**23)) + 0)  # no -0
            yield block

    def recording(self) -> Recording:
        """What passed."""
        return Recording(self._samples / self._rate, self._digest.hexdigest())
