"""MFCC against librosa and torchaudio, and of speech-like sound."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sernas.base.errors import SettingsError
from sernas.corpora.demo_speech import synthesise
from sernas.corpora.demo_styles import draw_style, draw_voice, random_stream
from sernas.features.extract import extract
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import FeatureStore
from sernas.settings.features import FeatureSettings

DECIBELS = 10 / np.log(10)  # of power_to_db, a natural logarithm
MFCC = FeatureSettings(16000, 40, 15.625, 1024, 0, 8000, 128, "log", 1e-5, 128)
BY_LIBROSA = {
    "sr": 16000,
    "n_fft": 1024,
    "hop_length": 250,
    "win_length": 640,
    "pad_mode": "constant",
}
BY_TORCHAUDIO = {
    "n_fft": 1024, "hop_length": 250, "win_length": 640, "pad_mode": "constant", "power": 1,
    "norm": "slaney", "mel_scale": "slaney",
}  # fmt: skip


@pytest.fixture(scope="module")
def style():
    """A manner of speaking of the demo corpus, without pauses."""
    voice = draw_voice("F", random_stream(1, "Ses01F"))
    style = draw_style("neu", voice, 0.0, random_stream(1, "a"))
    return replace(style, pause=0.0, gain_db=-30.0)


def say(style, seconds=3.0):
    return synthesise(seconds, style, random_stream(1, "b")).astype(np.float32)


@pytest.fixture(scope="module")
def spoken(style):
    return say(style)


@pytest.mark.parametrize(
    ("n_mels", "n_mfcc", "f_min", "f_max"),
    [(128, 128, 0, 8000), (128, 40, 0, 8000), (80, 33, 60, 7000)],
)
def test_librosa_from_the_waveform(spoken, n_mels, n_mfcc, f_min, f_max):
    import librosa

    settings = replace(MFCC, n_mels=n_mels, n_mfcc=n_mfcc, f_min=f_min, f_max=f_max)
    found = Spectrogram(settings)(spoken)
    expected = librosa.feature.mfcc(
        y=spoken, **BY_LIBROSA, n_mels=n_mels, n_mfcc=n_mfcc, fmin=f_min, fmax=f_max, power=1
    ).T
    assert found.shape == expected.shape == (1 + len(spoken) // 250, n_mfcc)
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    assert np.abs(found - expected / DECIBELS).max() < 1e-6 * np.abs(found).max()


def test_mel_equals_torchaudio(spoken):
    from plain_torchaudio import transforms

    linear = replace(MFCC, n_mfcc=None, scale="linear")
    found = Spectrogram(linear)(spoken)
    mel = transforms.MelSpectrogram(16000, n_mels=128, f_max=8000, **BY_TORCHAUDIO)
    expected = mel(torch.from_numpy(spoken)).numpy().T
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-5 * expected.max()


@pytest.mark.parametrize("n_mfcc", [128, 40])
def test_mfcc_equals_torchaudio(spoken, n_mfcc):
    from plain_torchaudio import transforms

    found = Spectrogram(replace(MFCC, n_mfcc=n_mfcc))(spoken)
    mfcc = transforms.MFCC(16000, n_mfcc, melkwargs={"n_mels": 128, "f_max": 8000, **BY_TORCHAUDIO})
    expected = mfcc(torch.from_numpy(spoken)).numpy().T
    assert found.shape == expected.shape == (1 + len(spoken) // 250, n_mfcc)
    assert np.abs(found - expected / DECIBELS).max() < 1e-5 * np.abs(found).max()


def test_nearly_the_default_of_librosa_but_for_scale(spoken):
    """Which sums power in the filters, and clips 80 dB below the peak."""
    import librosa

    found = Spectrogram(MFCC)(spoken)
    expected = librosa.feature.mfcc(y=spoken, **BY_LIBROSA, n_mels=128, n_mfcc=128).T
    pairs = zip(found.T, expected.T, strict=True)
    correlation = np.array([np.corrcoef(*pair)[0, 1] for pair in pairs])
    assert correlation[:13].min() > 0.98
    assert np.median(correlation) > 0.95


def test_louder_speech_moves_the_first_coefficient_alone(spoken):
    change = Spectrogram(MFCC)(10 * spoken) - Spectrogram(MFCC)(spoken)
    np.testing.assert_allclose(change[:, 0], np.sqrt(128) * np.log(10), rtol=1e-4)
    assert np.abs(change[:, 1:]).max() < 1e-4


def test_duller_speech_raises_the_second(style, spoken):
    """Which is the tilt of the spectrum; most of a fall that the voice's tilt has below 3 kHz."""
    import librosa
    from scipy.fft import dct

    spectrogram = Spectrogram(replace(MFCC, f_max=3000, n_mels=64, n_mfcc=64, n_fft=2048))
    before = spectrogram(spoken)
    loud = before[:, 0] > np.median(before[:, 0])
    duller = spectrogram(say(replace(style, tilt=style.tilt + 0.5)))
    change = (duller - before)[loud].mean(axis=0)
    centres = librosa.mel_frequencies(64 + 2, fmin=0, fmax=3000)[1:-1]
    whole = dct(-0.5 * np.log(centres), norm="ortho")[1]
    assert 0.5 * whole < change[1] < whole
    assert change[1] > 2 * np.abs(change[2:]).max()


def test_low_coefficients_hold_more_of_speech_than_of_noise(spoken):
    def share(audio):
        variance = Spectrogram(MFCC)(audio)[5:-5].var(axis=0)
        return variance[:13].sum() / variance.sum()

    noise = np.random.default_rng(0).standard_normal(len(spoken)).astype(np.float32)
    assert share(spoken) > 2.5 * share(0.1 * noise)


def test_digital_silence_is_the_floor(spoken):
    audio = spoken.copy()
    audio[10000:20000] = 0
    silent = Spectrogram(MFCC)(audio)[45:75]
    np.testing.assert_allclose(silent[:, 0], np.sqrt(128) * np.log(1e-5), rtol=1e-6)
    assert np.abs(silent[:, 1:]).max() < 1e-4


@pytest.fixture
def stored(corpus, tmp_path):
    """Makes the MFCC of a corpus, (T, 128) float16, in as many threads."""
    manifest, root = corpus

    def make(threads=1):
        path = tmp_path / f"{threads}.h5"
        extract(manifest, root, path, MFCC, "fail", threads=threads, progress=False)
        with FeatureStore(path) as store:
            assert store.settings == MFCC
            return store.read(0, store.index["frames"].sum()).copy()

    return make


def test_half_precision_is_enough(corpus, stored):
    from sernas.audio.reading import read_audio

    manifest, root = corpus
    spectrogram = Spectrogram(MFCC)
    exact = np.concatenate(
        [spectrogram(read_audio(root / path, 16000)) for path in manifest["path"]]
    )
    rounding = np.sqrt(((stored() - exact) ** 2).mean(axis=0))
    assert (rounding < 0.005 * exact.std(axis=0)).all()


def test_threads_change_nothing(stored):
    np.testing.assert_array_equal(stored(1), stored(3))


@pytest.mark.parametrize("change", [{"n_mels": None}, {"n_mels": 127}, {"scale": "linear"}])
def test_what_it_needs(change):
    remedy = "features.n_mfcc is 128.*set n_mels to 128 or more and scale to log, or n_mfcc to null"
    with pytest.raises(SettingsError, match=remedy):
        replace(MFCC, **change)
