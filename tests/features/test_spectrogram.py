from dataclasses import replace

import numpy as np
import pytest

from sernas.base.errors import AudioError
from sernas.features.spectrogram import WINDOWS, Spectrogram


def test_paper_size_equals_librosa(paper, speech):
    import librosa

    audio = speech(1.3)
    found = Spectrogram(replace(paper, scale="linear"))(audio)
    expected = np.abs(
        librosa.stft(
            audio, n_fft=16384, hop_length=160, win_length=640, center=True, pad_mode="constant"
        )
    )[:4096].T
    assert found.shape == expected.shape == (1 + len(audio) // 160, 4096)
    assert found.dtype == np.float32
    assert np.abs(found - expected).max() < 1e-5 * expected.max()


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(
    ("n_fft", "window_ms", "f_min", "f_max"),
    [
        (1024, 40, 0, 8000),  # no finer than the window: nothing to interpolate
        (2048, 40, 0, 8000),
        (4096, 40, 1000, 3000),
        (16384, 40, 4000, 8000),  # up to the mirrored end
        (16384, 25, 0, 100),  # a band of a few coarse bins
        (16384, 39.9375, 0, 4000),  # an odd window
        (15000, 40, 0, 4000),
        (65536, 40, 0, 4000),
    ],
)
def test_any_length_equals_librosa(paper, speech, n_fft, window_ms, f_min, f_max, window):
    import librosa

    audio = speech(4.2)
    settings = replace(
        paper, n_fft=n_fft, window_ms=window_ms, f_min=f_min, f_max=f_max, scale="linear",
        window=window,
    )  # fmt: skip
    found = Spectrogram(settings)(audio)
    expected = np.abs(
        librosa.stft(
            audio.astype(np.float64), n_fft=n_fft, hop_length=160, pad_mode="constant",
            win_length=settings.window_length, window=window,
        )
    )  # fmt: skip
    assert np.abs(found - expected[settings.band].T).max() < 1e-6 * expected.max()


def test_mel_equals_librosa(small, speech):
    import librosa

    audio = speech(0.8)
    settings = replace(small, f_min=60, f_max=8000, n_mels=40, scale="linear")
    expected = librosa.feature.melspectrogram(
        y=audio, sr=16000, n_fft=1024, hop_length=160, win_length=640, power=1, n_mels=40,
        fmin=60, fmax=8000, pad_mode="constant",
    ).T  # fmt: skip
    found = Spectrogram(settings)(audio)
    assert found.shape == (81, 40)
    assert np.abs(found - expected).max() < 1e-5 * expected.max()


def test_a_tone_peaks_at_its_bin(small):
    audio = np.sin(2 * np.pi * 1250 * np.arange(8000) / 16000).astype(np.float32)
    found = Spectrogram(replace(small, f_min=500, scale="linear"))(audio)
    assert found.shape[1] == 256 - 32
    assert (found[10:-10].argmax(axis=1) == 1250 * 1024 / 16000 - 32).all()
    np.testing.assert_allclose(found[10:-10].max(axis=1), 320 / 2, rtol=1e-3)  # sum(Hann) / 2


def test_log_has_a_floor(small, speech):
    audio = speech(0.5)
    audio[2000:5000] = 0
    linear = Spectrogram(replace(small, scale="linear"))(audio)
    log = Spectrogram(replace(small, log_floor=1e-2))(audio)
    np.testing.assert_allclose(log, np.log(np.maximum(linear, 1e-2)), rtol=1e-5)
    assert log.min() == np.float32(np.log(1e-2))


def test_a_frame_depends_on_its_window_alone(small, speech):
    """A frame far inside does not depend on where blocks of frames begin or audio ends."""
    audio = speech(2.5)
    spectrogram = Spectrogram(small)
    np.testing.assert_array_equal(
        spectrogram(audio)[100:150], spectrogram(audio[80 * 160 : 180 * 160])[20:70]
    )


def test_shorter_than_a_window(small, speech):
    assert Spectrogram(small)(speech(0.04)).shape == (5, 256)
    with pytest.raises(AudioError, match="window of 640 samples .40 ms.* found 639"):
        Spectrogram(small)(speech(0.04)[:639])
