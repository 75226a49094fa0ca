"""The same samples are the same recording, whatever they are kept in; others are not."""

import time

import numpy as np
import pytest
import soundfile

from sernas.audio import sound
from sernas.audio.recording import examine
from sernas.base.errors import AudioError


@pytest.fixture
def digest(tmp_path):
    def digest(audio, rate=16000, name="a.wav", content=None, **options):
        soundfile.write(tmp_path / name, audio, rate, **options)
        if content:
            (tmp_path / name).write_bytes(content((tmp_path / name).read_bytes()))
        return examine(tmp_path / name, -70).samples_sha256

    return digest


def test_what_the_samples_are_kept_in_does_not_count(digest, speech):
    audio = np.round(speech(1.5) * 2**15).astype(np.int16)
    audio[:3] = 0, -32768, 1
    known = digest(audio, subtype="PCM_16")
    assert len(known) == 64
    for name, subtype in (
        ("a.flac", "PCM_16"), ("a.flac", "PCM_24"), ("a.wav", "PCM_24"), ("a.wav", "PCM_32"),
        ("a.wav", "FLOAT"), ("a.wav", "DOUBLE"), ("a.aiff", "PCM_16"), ("a.au", "PCM_16"),
        ("a.w64", "PCM_16"), ("a.caf", "PCM_24"),
    ):  # fmt: skip
        values = audio / 2**15 if subtype in ("FLOAT", "DOUBLE") else audio
        assert digest(values, name=name, subtype=subtype) == known, (name, subtype)
    for channels in (2, 3, 5, 7):
        assert digest(np.stack([audio] * channels, 1), subtype="PCM_16") == known
    assert digest(audio, subtype="PCM_16", content=lambda wav: wav + b"LIST\4\0\0\0abcd") == known
    assert digest(np.where(audio, audio / 2**15, -0.0), subtype="FLOAT") == known


def test_other_samples_are_another_recording(digest, speech):
    audio = np.round(speech(1.5) * 2**15).astype(np.int16)
    changed = audio.copy()
    changed[777] += 1
    others = [changed, audio[:-1], audio[::-1], np.append(audio, audio[:1]), audio // 2]
    found = [digest(each) for each in (audio, *others)] + [digest(audio, rate=16001)]
    assert len(set(found)) == 7


def test_it_says_how_long_it_is(tmp_path, speech):
    soundfile.write(tmp_path / "a.wav", speech(1.5, 48000), 48000)
    assert examine(tmp_path / "a.wav", -70).seconds == 1.5


def test_blocks_do_not_count(tmp_path, speech, monkeypatch):
    soundfile.write(tmp_path / "a.ogg", np.stack([speech(9, 48000)] * 2, 1), 48000)
    whole = examine(tmp_path / "a.ogg", -70)
    monkeypatch.setattr(sound, "_BLOCK", 5000)
    assert examine(tmp_path / "a.ogg", -70) == whole


def test_what_cannot_be_read_is_an_error(tmp_path, speech):
    path = tmp_path / "a.wav"
    soundfile.write(path, speech(1) / 10000, 16000, subtype="FLOAT")
    with pytest.raises(AudioError, match=r"a.wav: expected speech, found silence .* dBFS"):
        examine(path, -70)
    assert examine(path, -120).seconds == 1
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(AudioError, match="truncated"):
        examine(path, -120)


def test_it_is_fast(tmp_path, speech):
    """Corpora have tens of thousands of utterances."""
    soundfile.write(tmp_path / "a.wav", speech(4), 16000)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        examine(tmp_path / "a.wav", -70)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.01
