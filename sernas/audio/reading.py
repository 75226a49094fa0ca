"""Audio files to mono samples: whatever libsndfile reads, checked before anything trusts it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import soundfile
import soxr

from sernas.base.errors import AudioError

MIN_RATE, MAX_RATE = 1_000, 1_000_000  # Hz
MAX_SECONDS = 3600  # an utterance, not a recording session: keeps memory bounded

# libsndfile silently shortens a cut file to what is there; only its log tells what was promised,
# and for SPHERE the header itself. IRCAM, PAF and PVF promise nothing, so there it goes unseen.
_PROMISE = re.compile(r"(?:data|Data Size|SSND|BODY|riff)\s*: (\d+) \(should be (\d+)\)")
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
_UNKNOWN = 2**63 - 1  # libsndfile's word for frames that a FLAC header does not count


def read_audio(path: str | Path, sample_rate: int) -> np.ndarray:
    """Samples of an audio file, channels averaged, resampled with soxr ("HQ").

    Returns float32 of shape (N,) at ``sample_rate`` Hz, full scale 1. Raises :class:`AudioError`
    for a file that is missing, empty, truncated or no audio, that has an impossible sample rate,
    lasts more than an hour, is silent (all samples equal), or holds samples that are not finite.
    """
    with _opened(path) as file:
        try:
            # asked for by number, since GSM and its like cannot tell where they are
            audio = file.read(file.frames, dtype="float32", always_2d=True)
        except (soundfile.SoundFileError, MemoryError) as error:  # the header may promise anything
            raise _unreadable(path, error) from error
        _check_whole(path, file, len(audio))
        rate = file.samplerate
    if not np.isfinite(audio).all():
        raise AudioError(
            f"{path}: expected finite samples, found NaN or infinity; export the file again"
        )
    audio = audio.mean(axis=1)
    if audio.min() == audio.max():
        raise AudioError(
            f"{path}: expected speech, found silence (all {len(audio)} samples are {audio[0]:g}); "
            "replace the recording or leave it out"
        )
    return soxr.resample(audio, rate, sample_rate, quality="HQ")


def audio_length(path: str | Path, sample_rate: int) -> int:
    """Samples that :func:`read_audio` will return if the header is true; decodes nothing.

    Raises :class:`AudioError` where the header alone shows that the file cannot be used.
    """
    with _opened(path) as file:
        return int(file.frames * sample_rate / file.samplerate + 0.5)  # as soxr rounds


def _opened(path: str | Path) -> soundfile.SoundFile:
    if not os.path.isfile(path):  # False, unlike Path's, for what no file can be called
        raise AudioError(
            f"{path}: expected an audio file, found none; restore it or correct its path"
        )
    if not os.access(path, os.R_OK):
        raise AudioError(
            f"{path}: expected a file that may be read, found that its permissions forbid it; "
            "change them (chmod +r)"
        )
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: headerless .raw
        raise _unreadable(path, error) from error
    if not MIN_RATE <= file.samplerate <= MAX_RATE:
        expected, found = f"{MIN_RATE} to {MAX_RATE} Hz", f"a sample rate of {file.samplerate} Hz"
    elif not file.frames:
        expected, found = "samples", "none (length zero)"
    elif file.frames == _UNKNOWN:
        expected, found = (
            "a header that says how long the file is",
            "one that was written to a pipe",
        )
    elif file.frames > MAX_SECONDS * file.samplerate:
        expected = f"an utterance of at most {MAX_SECONDS} s"
        found = f"a length of {file.frames / file.samplerate:.0f} s"
    else:
        return file
    file.close()
    raise AudioError(f"{path}: expected {expected}, found {found}; repair the file or leave it out")


def _check_whole(path: str | Path, file: soundfile.SoundFile, decoded: int) -> None:
    log = file.extra_info
    sizes = [(int(promised), int(found)) for promised, found in _PROMISE.findall(log)]
    cut = [size for size in sizes if size[1] < size[0] < _STREAMED]
    frames = max([file.frames, *_promised_frames(path, file)])
    if decoded < frames:
        found = f"{decoded} of the {frames} frames that its header promises"
    elif cut:
        found = f"{cut[0][1]} of the {cut[0][0]} bytes that its header promises"
    elif any(sign in log for sign in _CUT):
        found = "an end before the one that its header promises"
    else:
        return
    raise AudioError(
        f"{path}: expected a whole file, found a truncated one ({found}); copy it again"
    )


def _promised_frames(path: str | Path, file: soundfile.SoundFile) -> list[int]:
    """Frames that a header speaks of and ``file.frames`` does not."""
    if file.format == "NIST":
        with open(path, "rb") as header:
            text = header.read(4096).partition(b"end_head")[0]
        return [int(count) for count in _SPHERE_FRAMES.findall(text)]
    counted = _FRAMES.findall(file.extra_info) if file.format in ("AVR", "MAT5", "MPC2K") else ()
    return [int(count) for count in counted]


def _unreadable(path: str | Path, error: Exception) -> AudioError:
    return AudioError(
        f"{path}: expected audio that libsndfile reads (WAV, FLAC, OGG ...), found something else "
        f"or damage ({error}); convert the file or copy it again"
    )
