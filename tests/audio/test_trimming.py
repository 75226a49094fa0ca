import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded

from sernas.audio.reading import audio_blocks, read_audio
from sernas.audio.trimming import sounding


@bounded(100)
@given(
    seed=st.integers(0, 2**32 - 1),
    samples=st.integers(1, 30000),
    rate=st.sampled_from([1000, 8000, 16000, 22050, 44100]),
    pieces=st.integers(1, 9),
    trim_db=st.sampled_from([1, 20, 60]),
)
def test_what_is_left_is_as_of_librosa(seed, samples, rate, pieces, trim_db):
    rng = np.random.default_rng(seed)
    loudness = np.interp(np.arange(samples), np.linspace(0, samples, 9), rng.uniform(-5, 0, 9))
    audio = (rng.uniform(-1, 1, samples) * 10**loudness).astype(np.float32)
    audio[: rng.integers(samples)] *= rng.integers(2)  # perhaps digital silence
    step = round(0.032 * rate)
    _, (first, end) = librosa.effects.trim(
        audio, top_db=trim_db, frame_length=4 * step, hop_length=step
    )
    assert sounding(np.array_split(audio, pieces), rate, trim_db) == (first, end)


def test_at_16_khz_frames_are_those_of_librosa(speech):
    audio = np.concatenate([np.zeros(9000, np.float32), speech(1), np.zeros(7777, np.float32)])
    _, (first, end) = librosa.effects.trim(audio, top_db=40)
    assert 0 < first < end < len(audio)
    assert sounding([audio], 16000, 40) == (first, end)


@pytest.fixture
def quiet_ends(tmp_path, speech):
    """A file of 48 kHz that is quiet for a second, speaks for ten, and is quiet for another."""
    noise = np.random.default_rng(0).normal(0, 1e-5, 12 * 48000).astype(np.float32)
    noise[48000:-48000] += np.resize(speech(2), 10 * 48000)
    soundfile.write(tmp_path / "a.wav", np.stack([noise, noise], 1), 48000, subtype="FLOAT")
    return tmp_path / "a.wav", noise


def test_a_file_is_read_as_if_it_had_been_trimmed(quiet_ends, tmp_path):
    path, audio = quiet_ends
    _, (first, end) = librosa.effects.trim(audio, top_db=40, frame_length=6144, hop_length=1536)
    soundfile.write(tmp_path / "b.wav", audio[first:end], 48000, subtype="FLOAT")
    assert len(list(audio_blocks(path, 48000))) > 4  # pieces that begin and end in speech
    np.testing.assert_array_equal(read_audio(path, 48000, trim_db=40), audio[first:end])
    for rate in (16000, 22050):
        expected, found = read_audio(tmp_path / "b.wav", rate), read_audio(path, rate, trim_db=40)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        assert len(found) / rate == pytest.approx((end - first) / 48000, abs=1 / rate)


def test_nothing_is_trimmed_unless_asked_for(quiet_ends):
    path, audio = quiet_ends
    np.testing.assert_array_equal(read_audio(path, 48000), audio)
