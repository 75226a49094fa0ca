"""What containers promise of their length, and whether the audio falls short of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sernas.audio.sound import Sound

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


def shortfall(path: str | Path, sound: Sound, decoded: int) -> str:
    """What a file has of what it promises, if ``decoded`` frames are less; else nothing."""
    log = sound.extra_info
    sizes = [(int(promised), int(found)) for promised, found in _PROMISE.findall(log)]
    unmet = [size for size in sizes if size[1] < size[0] < _STREAMED]
    cut = [size for size in unmet if not _counted_itself(path, sound, *size)]
    frames = max([sound.length or 0, *_promised_frames(path, sound)])
    if decoded < frames:
        return f"{decoded} of the {frames} frames that its header promises"
    if cut:
        return f"{cut[0][1]} of the {cut[0][0]} bytes that its header promises"
    if any(sign in log for sign in _CUT):
        return "an end before the one that its header promises"
    return ""


def _counted_itself(path: str | Path, sound: Sound, promised: int, found: int) -> bool:
    """Whether a header says too much of the data only since it counted itself as well.

    Some writers give the size of the file, or that less 8, 36 or 44 bytes whatever comes
    before the data. Where the size of all is right, nothing is missing.
    """
    header, excess = os.path.getsize(path) - found, promised - found
    if excess in (8, header, header - 8, header - 36, header - 44):
        return True
    outermost = _OUTERMOST.search(sound.extra_info)
    right = outermost and (not outermost[2] or int(outermost[1]) == int(outermost[2]) + 8)
    return bool(right) and excess <= header


def _promised_frames(path: str | Path, sound: Sound) -> list[int]:
    """Frames that a header speaks of and ``frames`` does not."""
    if sound.format == "NIST":
        with open(path, "rb") as header:
            text = header.read(4096).partition(b"end_head")[0]
        return [int(count) for count in _SPHERE_FRAMES.findall(text)]
    if sound.format in ("AVR", "MAT5", "MPC2K"):
        return [int(count) for count in _FRAMES.findall(sound.extra_info)]
    return []
