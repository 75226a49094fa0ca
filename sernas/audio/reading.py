"""Audio files to mono samples: whatever libsndfile reads, checked before anything trusts it."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from sernas.audio.placeholders import placeholder
from sernas.audio.promises import shortfall
from sernas.audio.sound import Sound
from sernas.audio.trimming import part_of, sounding
from sernas.base.errors import AudioError

MIN_RATE, MAX_RATE = 1_000, 1_000_000  # Hz
MAX_SECONDS = 3600  # an utterance, not a recording session


def read_audio(
    path: str | Path,
    sample_rate: int,
    silence_db: float = -math.inf,
    trim_db: float | None = None,
) -> np.ndarray:
    """Samples of an audio file, channels averaged, resampled with soxr ("HQ").

    Returns float32 of shape (N,) at ``sample_rate`` Hz, full scale 1. Raises :class:`AudioError`
    for a file that is missing, empty, truncated or no audio, that has an impossible sample rate,
    lasts more than an hour, holds samples that are not finite, or is silent: its peak is at most
    ``silence_db`` dBFS once any constant offset is taken away. With ``trim_db`` the file is trimmed
    at its own rate, see :func:`~sernas.audio.trimming.sounding`: what is resampled to several rates
    begins and ends at the same time.
    """
    return np.concatenate(list(audio_blocks(path, sample_rate, silence_db, trim_db)))


def audio_blocks(
    path: str | Path,
    sample_rate: int,
    silence_db: float = -math.inf,
    trim_db: float | None = None,
    most_s: float = MAX_SECONDS,
) -> Iterator[np.ndarray]:
    """The same samples in pieces, whose number the memory does not depend on.

    What is wrong with the file may be raised at any of them, or after the last. To be trimmed it is
    decoded twice.

    Args:
        most_s: how long it may last, in seconds.
    """
    first, end = 0, sys.maxsize
    if trim_db is not None:
        with open_audio(path, most_s) as sound:
            blocks = mono_blocks(path, sound, silence_db, most_s)
            first, end = sounding(blocks, sound.samplerate, trim_db)
    with open_audio(path, most_s) as sound:
        blocks = mono_blocks(path, sound, silence_db, most_s)
        yield from resampled(part_of(blocks, first, end), sound.samplerate, sample_rate)


def resampled(blocks: Iterable[np.ndarray], rate: int, sample_rate: int) -> Iterator[np.ndarray]:
    """Samples (N,) float32 in pieces, from a rate to another with soxr ("HQ")."""
    resampler = soxr.ResampleStream(rate, sample_rate, 1, quality="HQ")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.empty(0, np.float32), last=True)


def audio_length(path: str | Path, sample_rate: int) -> int:
    """Samples that :func:`read_audio` will return, if the header that counts them is true and
    nothing is trimmed.

    Decodes the file only if nothing in it counts them. Raises :class:`AudioError` where that alone
    shows that the file cannot be used.
    """
    with open_audio(path) as sound:
        length = sound.length or sum(map(len, mono_blocks(path, sound)))
        return int(length * sample_rate / sound.samplerate + 0.5)  # as soxr rounds


def open_audio(path: str | Path, most_s: float = MAX_SECONDS) -> Sound:
    """An audio file; AudioError where it cannot be opened, or its header is impossible."""
    if not os.path.isfile(path):  # False, unlike Path's, for what no file can be called
        found, advice = placeholder(path) or ("none", "restore it or correct its path")
        raise AudioError(f"{path}: expected an audio file, found {found}; {advice}")
    if not os.access(path, os.R_OK):
        raise AudioError(
            f"{path}: expected a file that may be read, found that its permissions forbid it; "
            "change them (chmod +r)"
        )
    try:
        sound = Sound(path)
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: headerless .raw
        raise _unreadable(path, error) from error
    if not MIN_RATE <= sound.samplerate <= MAX_RATE:
        expected, found = f"{MIN_RATE} to {MAX_RATE} Hz", f"a sample rate of {sound.samplerate} Hz"
    elif not sound.frames:
        expected, found = "samples", "none (length zero)"
    elif (sound.length or 0) > most_s * sound.samplerate:
        expected = f"an utterance of at most {most_s:g} s"
        found = f"a length of {sound.length / sound.samplerate:.0f} s"
    elif sound.chained:
        expected, found = "one stream", "several in a row (chained Ogg)"
    else:
        return sound
    sound.close()
    raise AudioError(f"{path}: expected {expected}, found {found}; repair the file or leave it out")


def mono_blocks(
    path: str | Path, sound: Sound, silence_db: float = -math.inf, most_s: float = MAX_SECONDS
) -> Iterator[np.ndarray]:
    """Pieces (N,) float32 of an opened file at its own rate; raises as :func:`read_audio` does."""
    decoded, lowest, highest = 0, math.inf, -math.inf
    try:
        for block in sound.blocks():
            if not np.isfinite(block).all():
                raise AudioError(
                    f"{path}: expected finite samples, found NaN or infinity; export the file again"
                )
            mono = block.mean(axis=1)
            decoded += len(mono)
            lowest, highest = min(lowest, float(mono.min())), max(highest, float(mono.max()))
            if decoded > most_s * sound.samplerate:
                raise AudioError(
                    f"{path}: expected an utterance of at most {most_s:g} s, found a longer "
                    "one; cut the file or leave it out"
                )
            yield mono
    except soundfile.SoundFileError as error:
        raise _unreadable(path, error) from error
    require_whole(path, sound, decoded)
    _check_loud(path, (highest - lowest) / 2, silence_db)


def require_whole(path: str | Path, sound: Sound, decoded: int) -> None:
    """Raise AudioError if so many frames are fewer than an opened file promises."""
    if found := shortfall(path, sound, decoded):
        raise AudioError(
            f"{path}: expected a whole file, found a truncated one ({found}); copy it again"
        )


def _check_loud(path: str | Path, peak: float, silence_db: float) -> None:
    peak_db = 20 * math.log10(peak) if peak > 0 else -math.inf
    if peak_db <= silence_db:
        raise AudioError(
            f"{path}: expected speech, found silence (a peak of {peak_db:.1f} dBFS, at most "
            f"silence_db: {silence_db:g}); replace the recording, leave it out or lower silence_db"
        )


def _unreadable(path: str | Path, error: Exception) -> AudioError:
    found, advice = placeholder(path) or (
        f"something else or damage ({getattr(error, 'error_string', error)})",
        "convert the file or copy it again",
    )
    return AudioError(
        f"{path}: expected audio that libsndfile reads (WAV, FLAC, OGG ...), "
        f"found {found}; {advice}"
    )
