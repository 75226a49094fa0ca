"""How fast spectrograms are computed, beside librosa and torch.stft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import librosa
import numpy as np
import pandas as pd
import torch

from sernas.benchmarking.options import Options
from sernas.benchmarking.speech import features, utterances
from sernas.benchmarking.timing import interleave, table
from sernas.features.spectrogram import Spectrogram
from sernas.settings.features import FeatureSettings

CPU = torch.device("cpu")
SECONDS = (4.0,) * 8


def measure(
    options: Options, seconds: Sequence[float] = SECONDS, n_bins: int = 4096
) -> pd.DataFrame:
    """Linear magnitudes of the paper's features, checked to be the same by all variants."""
    settings, audio = features(n_bins, "linear"), utterances(seconds)
    spectrograms = {
        "librosa": lambda y: by_librosa(y, settings),
        "torch": lambda y: by_torch(y, settings),
        "sernas": Spectrogram(settings),
    }
    check_equal(spectrograms, audio[0])

    def every(spectrogram: Callable) -> Callable[[], None]:
        def call() -> None:
            for y in audio:
                spectrogram(y)

        return call

    calls = {variant: every(spectrogram) for variant, spectrogram in spectrograms.items()}
    label = f"{n_bins} bins, {len(audio)} utterances of {seconds[0]:g} s"
    return table(
        "extraction",
        label,
        interleave(calls, options.rounds, label=f"extraction, {label}"),
        "x real time",
        "librosa",
        inverse=True,
        scale=sum(seconds),
        device=CPU,
        threads=options.threads,
    )


def by_librosa(y: np.ndarray, settings: FeatureSettings) -> np.ndarray:
    """(N,) -> (F, T)."""
    spectrum = librosa.stft(
        y, n_fft=settings.n_fft, hop_length=settings.hop, win_length=settings.window_length
    )
    return np.abs(spectrum[settings.band])


def by_torch(y: np.ndarray, settings: FeatureSettings) -> torch.Tensor:
    """(N,) -> (F, T)."""
    spectrum = torch.stft(
        torch.from_numpy(y),
        settings.n_fft,
        settings.hop,
        settings.window_length,
        torch.hann_window(settings.window_length),
        pad_mode="constant",
        return_complex=True,
    )
    return spectrum[settings.band].abs()


def check_equal(spectrograms: dict[str, Callable], y: np.ndarray) -> None:
    """Raise AssertionError unless all agree to 1e-5 of the peak."""
    expected = spectrograms["librosa"](y)
    for found in (spectrograms["torch"](y).numpy(), spectrograms["sernas"](y).T):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * expected.max())
