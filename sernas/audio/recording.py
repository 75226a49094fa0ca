"""Which recording it is, whatever file it is in."""

from __future__ import annotations

import hashlib
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
        rate, samples = sound.samplerate, 0
        digest = hashlib.sha256(b"%d" % rate)
        for block in mono_blocks(path, sound, silence_db):
            samples += len(block)
            digest.update(np.rint(block * np.float32(2**23)) + 0)  # no -0
    return Recording(samples / rate, digest.hexdigest())
