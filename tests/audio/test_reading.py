import struct

import numpy as np
import pytest
import soundfile

from sernas.audio.reading import audio_length, read_audio
from sernas.base.errors import AudioError


def spoil(path, start, data):
    content = bytearray(path.read_bytes())
    content[start : start + len(data)] = data
    path.write_bytes(content)


def shorten(path, part=0.6):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])


def test_same_rate_mono_is_returned_as_it_is(tmp_path, speech):
    audio = speech(0.5)
    soundfile.write(tmp_path / "a.wav", audio, 16000, subtype="FLOAT")
    read = read_audio(tmp_path / "a.wav", 16000)
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, audio)


def test_channels_are_averaged(tmp_path):
    left, right = np.linspace(-0.5, 0.5, 800), np.linspace(0.25, 0.75, 800)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], 1), 16000, subtype="FLOAT")
    np.testing.assert_allclose(read_audio(tmp_path / "a.wav", 16000), (left + right) / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "rate", "subtype"),
    [
        ("a.flac", 8000, "PCM_24"),
        ("a.wav", 48000, "PCM_16"),
        ("a.ogg", 44100, "VORBIS"),
        ("a.aiff", 22050, "PCM_16"),
        ("a.mp3", 48000, None),
    ],
)
def test_any_format_and_rate_gives_the_same_tone(tmp_path, name, rate, subtype):
    t = np.arange(rate) / rate
    tone = 0.4 * np.sin(2 * np.pi * 440 * t)
    soundfile.write(tmp_path / name, np.stack([tone, tone], 1), rate, subtype=subtype)
    read = read_audio(tmp_path / name, 16000)
    assert len(read) == audio_length(tmp_path / name, 16000) == 16000
    expected = 0.4 * np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)
    assert np.abs(read - expected)[200:-1500].max() < 0.02


@pytest.mark.parametrize("rate", [8000, 11025, 12345, 22050, 44100, 48000, 96000])
def test_length_is_known_from_the_header(tmp_path, rate):
    for frames in np.random.default_rng(rate).integers(100, 20000, 20):
        noise = np.random.default_rng(frames).uniform(-0.5, 0.5, frames)
        soundfile.write(tmp_path / "a.wav", noise, rate)
        assert audio_length(tmp_path / "a.wav", 16000) == len(read_audio(tmp_path / "a.wav", 16000))


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("a.wav", "PCM_16"),
        ("a.wav", "IMA_ADPCM"),
        ("a.aiff", "PCM_16"),
        ("a.au", "PCM_16"),
        ("a.w64", "PCM_16"),
        ("a.rf64", "PCM_16"),
        ("a.caf", "PCM_16"),
        ("a.flac", "PCM_16"),
        ("a.ogg", "VORBIS"),
        ("a.ogg", "OPUS"),
        ("a.mp3", None),
    ],
)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.98])
def test_truncated_files_are_never_silently_short(tmp_path, speech, name, subtype, part):
    path = tmp_path / name
    soundfile.write(path, speech(1, 48000), 48000, subtype=subtype)
    read_audio(path, 16000)
    shorten(path, part)
    with pytest.raises(AudioError, match=f"{name}: expected .*(truncated|damage|length zero)"):
        read_audio(path, 16000)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_ogg_without_its_last_page(tmp_path, speech, subtype):
    path = tmp_path / "a.ogg"
    soundfile.write(path, speech(3, 48000), 48000, subtype=subtype)
    path.write_bytes(path.read_bytes().rpartition(b"OggS")[0])
    with pytest.raises(AudioError, match="truncated"):
        read_audio(path, 16000)


def test_a_wave_file_written_to_a_pipe_is_whole(tmp_path, speech):
    path = tmp_path / "a.wav"
    soundfile.write(path, speech(0.5), 16000)
    spoil(path, 4, b"\xff" * 4)
    spoil(path, 40, b"\xff" * 4)
    assert len(read_audio(path, 16000)) == 8000


@pytest.mark.parametrize(("rate", "found"), [(0, "damage"), (7, "7 Hz"), (2**30, f"{2**30} Hz")])
def test_absurd_sample_rates(tmp_path, speech, rate, found):
    path = tmp_path / "a.wav"
    soundfile.write(path, speech(0.5), 16000)
    spoil(path, 24, struct.pack("<I", rate))
    with pytest.raises(AudioError, match=f"a.wav: expected .*{found}"):
        read_audio(path, 16000)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite(tmp_path, speech, value):
    audio = speech(0.5)
    audio[77] = value
    soundfile.write(tmp_path / "a.wav", audio, 16000, subtype="FLOAT")
    with pytest.raises(AudioError, match="a.wav: expected finite"):
        read_audio(tmp_path / "a.wav", 16000)


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_silence(tmp_path, value):
    soundfile.write(tmp_path / "a.wav", np.full(8000, value), 16000)
    with pytest.raises(AudioError, match="silence .a peak of -inf dBFS"):
        read_audio(tmp_path / "a.wav", 16000)


def test_other_files(tmp_path):
    (tmp_path / "text.wav").write_text("neutral " * 100)
    (tmp_path / "zero.wav").touch()
    (tmp_path / "a.raw").write_bytes(b"1234" * 100)
    (tmp_path / "folder.wav").mkdir()
    soundfile.write(tmp_path / "header.wav", np.zeros(0), 16000)
    for name, found in {
        "text.wav": "something else",
        "zero.wav": "something else",
        "a.raw": "something else",
        "folder.wav": "found none",
        "missing.wav": "found none",
        "header.wav": "length zero",
    }.items():
        with pytest.raises(AudioError, match=f"{name}: expected .*{found}"):
            read_audio(tmp_path / name, 16000)


def test_a_header_that_promises_a_month_costs_no_memory(tmp_path, speech):
    path = tmp_path / "a.flac"
    soundfile.write(path, speech(0.5), 16000)
    spoil(path, 22, b"\xff" * 4)  # the lower half of STREAMINFO's number of samples
    with pytest.raises(AudioError, match="at most 3600 s"):
        audio_length(path, 16000)
    with pytest.raises(AudioError, match="at most 3600 s"):
        read_audio(path, 16000)
