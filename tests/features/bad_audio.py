"""Audio files of every kind that goes wrong, and some that only look as if they did.

Each case makes a file and says what is to come of it: samples, or the reason why there are none.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

RATE = 16000


@dataclass(frozen=True)
class Case:
    """One file.

    ``reason`` is a pattern of why it is left out; else it has ``length`` samples at 16 kHz, which
    are ``exact`` where that is known. ``clip``: it is read, but too short for a spectrogram.
    """

    path: str
    make: Callable[[Path], object]
    reason: str | None = None
    length: int | None = None
    exact: np.ndarray | None = None
    clip: bool = False


CASES: dict[str, Case] = {}


def voice(seconds: float = 0.5, rate: int = RATE) -> np.ndarray:
    """(N,) float32 within -0.5..0.5: a buzz that swells and fades."""
    t = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 4))
    return (0.2 * buzz * (1.2 + np.sin(7 * t))).astype(np.float32)


def encoded(audio=None, rate=RATE, **options) -> bytes:
    """The bytes of an audio file; WAV in 16 bits unless told otherwise."""
    file = io.BytesIO()
    soundfile.write(file, voice() if audio is None else audio, rate, **{"format": "WAV"} | options)
    return file.getvalue()


def patched(content: bytes, *changes: tuple[int, bytes]) -> bytes:
    """``content`` with bytes replaced at places."""
    content = bytearray(content)
    for place, new in changes:
        content[place : place + len(new)] = new
    return bytes(content)


def case(name: str, path: str, content, reason=None, length=None, exact=None, clip=False) -> None:
    """``content`` is bytes, or a function that makes the file at a path."""
    make = content if callable(content) else lambda file: file.write_bytes(content)
    if exact is not None:
        length = len(exact)
    assert name not in CASES
    CASES[name] = Case(path, make, reason, length, exact, clip)


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def fmt(kind=1, channels=1, rate=RATE, bits=16) -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * width, width % 65536, bits)
    return chunk(b"fmt ", form)


SIXTEEN = np.round(voice() * 32768).astype("<i2")
EXACT = (SIXTEEN / 32768).astype(np.float32)
DATA = SIXTEEN.tobytes()
WAV = riff(fmt(), chunk(b"data", DATA))
FLOAT = encoded(subtype="FLOAT")
FLAC = encoded(SIXTEEN, format="FLAC", subtype="PCM_16")
PIPED = patched(FLAC, (21, bytes([FLAC[21] & 0xF0])), (22, bytes(4)))
OGG = encoded(voice(3), format="OGG", subtype="VORBIS")
OPUS = encoded(voice(3), format="OGG", subtype="OPUS")
MP3 = encoded(voice(1), format="MP3")
SPHERE = encoded(SIXTEEN, format="NIST", subtype="PCM_16")
STEREO_SPHERE = encoded(np.stack([SIXTEEN, SIXTEEN], 1), format="NIST", subtype="PCM_16")

DAMAGE = "something else or damage"
TRUNCATED = "truncated"

# --- truncated ----------------------------------------------------------------------------------
for part in (4, 12, 30):
    case(f"WAV header cut to {part} bytes", f"cut/{part}.wav", WAV[:part], DAMAGE)
case("WAV header alone", "cut/header.wav", WAV[:44], "length zero")
case("WAV cut in its data", "cut/data.wav", WAV[:9001], TRUNCATED)
case("WAV that lacks its last sample", "cut/last.wav", WAV[:-2], TRUNCATED)
case("FLAC cut in its header", "cut/header.flac", FLAC[:30], DAMAGE)
case("FLAC cut in its data", "cut/data.flac", FLAC[: len(FLAC) // 2], f"{TRUNCATED}|{DAMAGE}")
case("Vorbis cut", "cut/vorbis.ogg", OGG[: len(OGG) // 2], f"{TRUNCATED}|{DAMAGE}")
case("Opus cut", "cut/opus.ogg", OPUS[: len(OPUS) // 2], TRUNCATED)
case("MP3 cut", "cut/a.mp3", MP3[: len(MP3) // 2], TRUNCATED)
case("FLAC from a pipe, cut", "cut/pipe.flac", PIPED[: len(PIPED) // 2], DAMAGE)
case("SPHERE cut in its data", "cut/data.sph", SPHERE[:9001], TRUNCATED)
case("SPHERE of two channels, cut", "cut/stereo.sph", STEREO_SPHERE[:-4], TRUNCATED)
case("SPHERE cut in its header", "cut/header.sph", SPHERE[:500], DAMAGE)
case("SPHERE header alone", "cut/alone.sph", SPHERE[:1024], "length zero")
for kind in ("AIFF", "AU", "W64", "RF64", "CAF", "VOC", "SVX", "AVR", "MAT4", "MAT5", "MPC2K"):
    whole = encoded(format=kind, subtype="PCM_16")
    cut = whole[: len(whole) * 3 // 4]
    case(f"{kind} cut", f"cut/a.{kind.lower()}", cut, f"{TRUNCATED}|{DAMAGE}")

# --- empty --------------------------------------------------------------------------------------
case("no bytes", "empty/zero.wav", b"", DAMAGE)
case("one byte", "empty/one.wav", b"R", DAMAGE)
case("WAV without samples", "empty/a.wav", riff(fmt(), chunk(b"data", b"")), "length zero")
case("AIFF without samples", "empty/a.aiff", encoded(voice(0), format="AIFF"), "length zero")

# --- no audio -----------------------------------------------------------------------------------
case("text", "other/text.wav", b"neutral " * 100, DAMAGE)
PAGE = b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
case("HTML", "other/page.mp3", PAGE * 20, "a web page, .* download")
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 16044\n" % (b"4d" * 32)
case("a git-lfs pointer", "other/lfs.wav", LFS, "a git-lfs pointer .*git lfs pull")
ANNEX = b"/annex/objects/SHA256E-s16044--4d.wav\n"
case("a git-annex pointer", "other/annex.wav", ANNEX, "a pointer of git-annex .*git annex get")
case("noise", "other/noise.wav", np.random.default_rng(0).bytes(20000), DAMAGE)
case("zeros", "other/zeros.wav", bytes(20000), DAMAGE)
case("PNG", "other/picture.flac", b"\x89PNG\r\n\x1a\n" + bytes(500), DAMAGE)
case("pickle", "other/pickle.wav", pickle.dumps({"samples": [0.0] * 99}), DAMAGE)
case("NumPy", "other/array.wav", lambda path: np.save(path.open("wb"), voice()), DAMAGE)
case("a Mac's resource fork", "other/._a.wav", b"\0\5\x16\7\0\2\0\0Mac OS X        " * 9, DAMAGE)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.wav", WAV)


case("ZIP", "other/zip.wav", zipped, DAMAGE)
case("headerless samples", "other/a.raw", DATA, DAMAGE)

# --- named otherwise than they are ----------------------------------------------------------------
case("FLAC called WAV", "named/flac.wav", FLAC, exact=EXACT)
case("WAV called MP3", "named/wav.mp3", WAV, exact=EXACT)
case("WAV called OGG", "named/wav.ogg", WAV, exact=EXACT)
case("WAV called text", "named/wav.txt", WAV, exact=EXACT)
case("Ogg called FLAC", "named/ogg.flac", OGG, length=48000)
case("SPHERE called WAV", "named/sphere.wav", SPHERE, exact=EXACT)
case("no extension", "named/wav", WAV, exact=EXACT)
case("extension in capitals", "named/A.WAV", WAV, exact=EXACT)
case("WAV called raw", "named/wav.raw", WAV, DAMAGE)

# --- rates ----------------------------------------------------------------------------------------
for rate in (1000, 8000, 11025, 44100, 48000, 96000, 192000):
    case(f"{rate} Hz", f"rates/{rate}.wav", encoded(voice(0.5, rate), rate), length=8000)
    if rate == 11025:  # half a second has no whole number of samples
        CASES.pop(f"{rate} Hz")
        case(f"{rate} Hz", f"rates/{rate}.wav", encoded(voice(2, rate), rate), length=32000)
for rate in (1, 999, 2_000_000):
    content = riff(fmt(rate=rate), chunk(b"data", DATA))
    case(f"{rate} Hz", f"rates/{rate}.wav", content, f"a sample rate of {rate} Hz")
case("0 Hz", "rates/0.wav", riff(fmt(rate=0), chunk(b"data", DATA)), DAMAGE)

# --- channels -------------------------------------------------------------------------------------
EIGHT = np.stack([voice() * gain for gain in np.linspace(-0.2, 0.8, 8)], 1)
case("eight channels", "channels/8.wav", encoded(EIGHT, subtype="FLOAT"), exact=EIGHT.mean(1))
case(
    "eight channels at 192 kHz",
    "channels/192.wav",
    encoded(np.stack([voice(0.5, 192000)] * 8, 1), 192000),
    length=8000,
)
DEAD = np.stack([voice(), np.zeros(8000, np.float32)], 1)
case("one dead channel", "channels/dead.wav", encoded(DEAD, subtype="FLOAT"), exact=voice() / 2)
OPPOSED = np.stack([EXACT, -EXACT], 1)
case("channels that cancel", "channels/opposed.wav", encoded(OPPOSED, subtype="FLOAT"), "silence")
case("no channel", "channels/0.wav", riff(fmt(channels=0), chunk(b"data", DATA)), DAMAGE)
case(
    "60000 channels", "channels/60000.wav", riff(fmt(channels=60000), chunk(b"data", DATA)), DAMAGE
)


# --- samples --------------------------------------------------------------------------------------
def spoiled(value: float, places=slice(77, 78)) -> bytes:
    audio = voice()
    audio[places] = value
    return encoded(audio, subtype="FLOAT")


ONE_BAD = np.stack([voice(), voice()], 1)
ONE_BAD[5, 1] = np.nan
case("a NaN", "samples/nan.wav", spoiled(np.nan), "NaN or infinity")
case("nothing but NaN", "samples/nans.wav", spoiled(np.nan, slice(None)), "NaN or infinity")
case("infinity", "samples/inf.wav", spoiled(np.inf), "NaN or infinity")
case("minus infinity", "samples/minus.wav", spoiled(-np.inf), "NaN or infinity")
case("a NaN in one channel", "samples/one.wav", encoded(ONE_BAD, subtype="FLOAT"), "NaN or inf")
case(
    "doubles beyond single precision",
    "samples/huge.wav",
    encoded(voice().astype(float) * 1e300, subtype="DOUBLE"),
    "NaN or infinity",
)
case("digital silence", "samples/silence.wav", encoded(voice() * 0), "silence .* -inf dBFS")
case("DC alone", "samples/dc.wav", encoded(voice() * 0 + 0.25), "silence .* -inf dBFS")
case("silence in FLAC", "samples/silence.flac", encoded(voice() * 0, format="FLAC"), "silence")
OFFSET = voice() / 4 + np.float32(0.5)
case("speech on DC", "samples/offset.wav", encoded(OFFSET, subtype="FLOAT"), exact=OFFSET)
SQUARE = np.clip(SIXTEEN.astype(int) * 50, -32768, 32767).astype("<i2")
case(
    "clipping",
    "samples/clipping.wav",
    encoded(SQUARE, subtype="PCM_16"),
    exact=(SQUARE / 32768).astype(np.float32),
)
OVER = voice() * 9
case("beyond full scale", "samples/over.wav", encoded(OVER, subtype="FLOAT"), exact=OVER)
CLICK = np.zeros(8000, np.float32)
CLICK[4000] = 1
case("a click in silence", "samples/click.wav", encoded(CLICK, subtype="FLOAT"), exact=CLICK)
FAINT = voice() * np.float32(1e-42)
case("below normal floats", "samples/faint.wav", encoded(FAINT, subtype="FLOAT"), "silence")
DITHER = np.random.default_rng(0).integers(-2, 3, 8000).astype(np.int16)  # of the last bit
case("dither alone", "samples/dither.wav", encoded(DITHER), "silence .* -84.3 dBFS")
case("dither on DC", "samples/dc_dither.wav", encoded(DITHER + np.int16(999)), "silence .* -84.3")
WHISPER = voice() * np.float32(0.001)
case(
    "a whisper of -64 dBFS", "samples/whisper.wav", encoded(WHISPER, subtype="FLOAT"), exact=WHISPER
)

# --- encodings ------------------------------------------------------------------------------------
case("32-bit floats", "encodings/float.wav", FLOAT, exact=voice())
case("64-bit floats", "encodings/double.wav", encoded(subtype="DOUBLE"), exact=voice())
for kind in ("PCM_U8", "PCM_24", "PCM_32", "ULAW", "ALAW"):
    case(kind, f"encodings/{kind}.wav", encoded(subtype=kind), length=8000)
for kind in ("GSM610", "IMA_ADPCM", "MS_ADPCM"):  # which fill their last block
    case(kind, f"encodings/{kind}.wav", encoded(subtype=kind))
case("big-endian WAV", "encodings/rifx.wav", encoded(endian="BIG"), length=8000)
case("SPHERE of two channels", "encodings/stereo.sph", STEREO_SPHERE, exact=EXACT)
SHORTENED = SPHERE.replace(b"-s3 pcm\n", b"-s26 pcm,embedded-shorten-v1.09\n", 1)
case("SPHERE that shorten packed", "encodings/shorten.sph", SHORTENED, DAMAGE)
case("WMA in WAV", "encodings/wma.wav", riff(fmt(kind=0x161), chunk(b"data", DATA)), DAMAGE)

# --- containers -----------------------------------------------------------------------------------
LIST = chunk(b"LIST", b"INFOINAM" + struct.pack("<I", 4) + b"abc\0")
AROUND = riff(LIST, fmt(), LIST, chunk(b"data", DATA), LIST)
case("chunks all around", "odd/chunks.wav", AROUND, exact=EXACT)
case("text after the end", "odd/after.wav", WAV + b"recorded in 2026", exact=EXACT)


def sized(data: int, whole: int | None = None, wav=WAV) -> bytes:
    """A WAV whose header gives these sizes of its data and, where said, of the whole."""
    place = wav.index(b"data") + 4
    whole = len(wav) - 8 if whole is None else whole
    return patched(wav, (4, struct.pack("<I", whole)), (place, struct.pack("<I", data)))


for size in (0, 0x7FFFFFFF, 0x7FFFF000, 0x80000000, 0xFFFFFFFF):  # as writers to pipes leave them
    case(f"WAV from a pipe, {size:#x}", f"pipe/{size}.wav", sized(size, size), exact=EXACT)
case("a size that was never filled in", "pipe/size.wav", sized(0), exact=EXACT)
case("sizes of the header alone", "pipe/header.wav", sized(0, 36), exact=EXACT)
WIDE = riff(fmt(), LIST, chunk(b"data", DATA))
case("a size after others, not filled in", "pipe/list.wav", sized(0, 0, WIDE), exact=EXACT)
HUSHED = np.concatenate([np.zeros(800, np.int16), SIXTEEN])
content = sized(0, 0, encoded(HUSHED))
case("WAV from a pipe that begins with zeros", "pipe/zeros.wav", content, length=8800)
case(
    "no samples, then text", "pipe/none.wav", riff(fmt(), chunk(b"data", b""), LIST), "length zero"
)
for more in (8, 36, 44):  # the header counts some of itself
    content = sized(len(DATA) + more, len(WAV) - 8 + more)
    case(f"sizes {more} too large", f"self/{more}.wav", content, exact=EXACT)
    case(f"data's size {more} too large", f"self/data{more}.wav", sized(16000 + more), exact=EXACT)
EXTENSIBLE = encoded(voice(), subtype="PCM_24")
content = sized(len(EXTENSIBLE), len(EXTENSIBLE), EXTENSIBLE)
case("24 bits, the file's size for the data's", "self/wide.wav", content, length=8000)
case("the file's size for the whole's", "self/riff.wav", sized(16000, len(WAV)), exact=EXACT)
content = sized(16002, len(WAV) - 6)
case("sizes of one sample more", "self/cut.wav", content, TRUNCATED)
case("sizes of much more", "self/more.wav", sized(26000, 26036), TRUNCATED)
case("data's size of much more", "self/much.wav", sized(26000), TRUNCATED)
ODD = riff(fmt(bits=8), chunk(b"data", bytes(128 + k % 5 for k in range(8001))))
case("no padding after an odd size", "self/odd.wav", ODD[:-1], length=8001)
for kind in ("AIFF", "AU"):
    whole = encoded(SIXTEEN, format=kind, subtype="PCM_16")
    place = whole.index(b"SSND") + 4 if kind == "AIFF" else 8
    content = patched(whole, (place, struct.pack(">I", len(whole))))
    case(f"{kind}, the file's size for the data's", f"self/a.{kind.lower()}", content, exact=EXACT)
case("no data chunk", "odd/none.wav", riff(fmt(), LIST), f"{DAMAGE}|length zero")
case("no fmt chunk", "odd/formless.wav", riff(chunk(b"data", DATA)), DAMAGE)
case("MP3 after an ID3 tag", "odd/tag.mp3", b"ID3\4\0\0\0\0\0\x0a" + bytes(10) + MP3, length=16000)


def mpeg_frames(content: bytes) -> list[bytes]:
    """The frames of an MP3 of libsndfile's, the first of which is a Xing header."""
    low = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    high = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    rates = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
    found, place = [], 0
    while place < len(content):
        version, rest = content[place + 1] >> 3 & 3, content[place + 2]
        rate, bits = rates[version][rest >> 2 & 3], (high if version == 3 else low)[(rest >> 4) - 1]
        size = (144 if version == 3 else 72) * 1000 * bits // rate + (rest >> 1 & 1)
        found.append(content[place : place + size])
        place += size
    return found


# a Xing header, which goes first, tells how much an encoder adds: without it, it is heard
HALVES = np.concatenate([voice(4), voice(4) * 0, voice(4)])
TAG = b"TAG" + b"title".ljust(125)
TAG2 = b"ID3\4\0\0\0\0\1\x7f" + b"\xff\xfb\x90\0" * 63 + bytes(3)
APE = b"APETAGEX" + bytes(2000)
LYRICS = b"LYRICSBEGIN" + b"la " * 500 + b"LYRICS200"
for mode, rate in (("CONSTANT", 16000), ("VARIABLE", 16000), ("VARIABLE", 48000)):
    audio = HALVES if rate == 16000 else np.repeat(HALVES, 3)
    whole = encoded(audio, rate, format="MP3", bitrate_mode=mode)
    bare = mpeg_frames(whole)[1:]
    samples = (1152 if rate == 48000 else 576) * RATE / rate
    kind, folder = f"MP3, {mode.lower()} rate, {rate} Hz", f"mp3/{mode}{rate}"
    case(kind, f"{folder}/whole.mp3", whole, length=12 * RATE)
    case(f"{kind}, tags", f"{folder}/tags.mp3", TAG2 + whole + APE + TAG, length=12 * RATE)
    case(f"{kind}, cut", f"{folder}/cut.mp3", whole[: len(whole) * 3 // 4], TRUNCATED)
    for name, content, frames in (
        ("no header", bare, len(bare)),
        ("no header, tags", [TAG2, *bare, TAG], len(bare)),
        ("no header, more tags", [TAG2, TAG2, *bare, APE, LYRICS, TAG], len(bare)),
        ("no header, as cut", bare[50:200], 150),
        ("no header, cut in frames", [bare[49][9:], *bare[50:200], bare[200][:3]], 150),
        ("two in a row", [whole, whole], 2 * len(bare) + 2),
        ("two in a row, tags", [TAG2, whole, TAG2, whole, TAG], 2 * len(bare) + 2),
    ):
        path = f"{folder}/{name}.mp3"
        case(f"{kind}, {name}", path, b"".join(content), length=round(frames * samples))
    noise = np.random.default_rng(0).bytes(3000)
    for name, content in (("damaged", whole), ("no header, damaged", b"".join(bare))):
        middle = len(content) // 2
        content = content[:middle] + noise + content[middle:]
        case(f"{kind}, {name}", f"{folder}/{name}.mp3", content, DAMAGE)
case("Vorbis, two in a row", "odd/two.ogg", OGG + OGG, "several in a row")
case("Opus, two in a row", "odd/two.opus", OPUS + OPUS, "several in a row")
MONTH = patched(FLAC, (22, b"\xff" * 4))  # the lower half of STREAMINFO's number of samples
case("FLAC that promises days", "odd/days.flac", MONTH, "at most 3600 s")
case("FLAC from a pipe", "odd/pipe.flac", PIPED, exact=EXACT)
# as many bytes of samples as a header can promise: 8 channels, an hour at 655350 Hz
VAST = 3599 * 655350
BITS = (655350 << 44 | 7 << 41 | 15 << 36 | VAST).to_bytes(8, "big")
VASTER = patched(FLAC, (18, BITS))
case("FLAC that promises 75 GB", "odd/vast.flac", VASTER, f"{DAMAGE}|{TRUNCATED}")

# --- lengths --------------------------------------------------------------------------------------
case("one sample", "lengths/1.wav", riff(fmt(), chunk(b"data", DATA[:2])), "silence")
case("two samples", "lengths/2.wav", riff(fmt(), chunk(b"data", b"\0\1\0\2")), length=2, clip=True)
case("0.01 s", "lengths/10ms.wav", encoded(voice(0.01)), length=160, clip=True)
case("0.039 s", "lengths/39ms.wav", encoded(voice(0.039)), length=624, clip=True)
case("0.05 s", "lengths/50ms.wav", encoded(voice(0.05)), length=800, clip=True)  # two frames
case("0.2 s", "lengths/200ms.wav", encoded(voice(0.2)), length=3200)


def long(seconds: int, rate: int) -> Callable[[Path], None]:
    return lambda path: soundfile.write(path, np.tile(voice(1, rate), seconds), rate)


case("10 min", "lengths/600s.wav", long(600, 8000), length=600 * RATE)
case("over an hour", "lengths/hour.wav", long(3601, 1000), "at most 3600 s")

# --- names ----------------------------------------------------------------------------------------
for number, name in enumerate(
    ["zażółć gęślą jaźń", "two  spaces", "  ", "情感", "😠", "e\u0301", "{x} <results> %20 $HOME"]
    + ["-rf", "#1", "a,b", 'say "no"', "it's", "a;b|c&d", "x" * 251, "NA", "~", "*?", "a.b.c"]
):
    case(f"name {name[:30]!r}", f"names/{number}/{name}.wav", WAV, exact=EXACT)
case("a deep folder", f"names/{'deep/' * 40}a.wav", WAV, exact=EXACT)


# --- what is no file ------------------------------------------------------------------------------
def linked(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def two_links(path: Path) -> None:
    path.symlink_to("there.wav")
    path.with_name("there.wav").symlink_to(path.name)


def link_to_audio(path: Path) -> None:
    path.with_name("target").write_bytes(WAV)
    path.symlink_to("target")


def may_read_anything() -> bool:
    """Whether no permission keeps us from a file, as it is for root."""
    with tempfile.NamedTemporaryFile() as file:
        os.chmod(file.name, 0)
        return os.access(file.name, os.R_OK)


def unreadable(path: Path) -> None:
    path.write_bytes(WAV)
    path.chmod(0)


NONE = "found none|is missing"
case("a link to audio", "links/good.wav", link_to_audio, exact=EXACT)
case("a dangling link", "links/dangling.wav", linked("gone.wav"), NONE)
content = "../.git/annex/objects/Xv/4M/SHA256E-s16044--4d.wav/SHA256E-s16044--4d.wav"
case("a git-annex link", "links/annex.wav", linked(content), "git annex get|is missing")
case("a link to itself", "links/loop.wav", linked("loop.wav"), NONE)
case("links that go in a circle", "links/here.wav", two_links, NONE)
case("a link to a folder", "links/folder.wav", linked("."), NONE)
case("a folder", "links/a.wav", Path.mkdir, NONE)
case("a pipe", "links/fifo.wav", os.mkfifo, NONE)
case("nothing", "links/missing.wav", lambda path: None, NONE)
case("a name too long for a disk", f"links/{'x' * 300}.wav", lambda path: None, NONE)
if not may_read_anything():
    case("no permission", "links/unreadable.wav", unreadable, "permissions forbid")


def make(root: Path) -> None:
    """All files, in ``root``."""
    for each in CASES.values():
        path = root / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        each.make(path)


def outcomes(root: Path) -> str:
    """What becomes of each file, as Markdown."""
    from sernas.audio.reading import read_audio
    from sernas.base.errors import AudioError
    from sernas.settings.corpus import CorpusSettings

    rows, silence_db = [], CorpusSettings().silence_db
    for name, each in CASES.items():
        try:
            outcome = f"read, {len(read_audio(root / each.path, RATE, silence_db)) / RATE:.4g} s"
            if each.clip:
                outcome += "; left out, too short for the networks"
        except AudioError as error:
            outcome = str(error).partition(": ")[2].replace(f"{root}/", "")
        rows.append((name, outcome))
    cells = [f"| {' | '.join(map(escaped, row))} |" for row in rows]
    return "\n".join(["| file | outcome |", "|---|---|", *cells])


def escaped(text: str) -> str:
    """As it may stand in a cell of Markdown."""
    return "".join(f"\\{c}" if c in "|<>*_~`$#" else c for c in text if c.isprintable())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        print(outcomes(Path(folder)))
