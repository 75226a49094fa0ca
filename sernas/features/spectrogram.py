"""Features by the settings: short windows, a long DFT, and what is made of its band."""

from __future__ import annotations

import numpy as np
import torch

from sernas.base.errors import AudioError
from sernas.features.cepstrum import cepstrum
from sernas.features.padded_dft import PaddedDFT
from sernas.settings.features import FeatureSettings

WINDOWS = {"hann": torch.hann_window, "hamming": torch.hamming_window}
_BLOCK = 64  # frames per DFT call: they stay in the cache, and memory is bounded


class Spectrogram:
    """Magnitude spectrogram of one utterance (Wu et al. 2022, section 4.1), or its MFCC.

    Frame t is centred on sample t * hop, with zeros beyond both ends and a periodic Hann or Hamming
    window in the middle of the DFT, as in ``librosa.stft(center=True, pad_mode="constant")``. With
    ``n_mfcc`` each frame becomes its :func:`cepstrum`.
    """

    def __init__(self, settings: FeatureSettings):
        self.settings = settings
        self._mel = None
        if settings.n_mels:
            from librosa.filters import mel

            s = settings
            bank = mel(sr=s.sample_rate, n_fft=s.n_fft, n_mels=s.n_mels, fmin=s.f_min, fmax=s.f_max)
            self._mel = torch.from_numpy(bank.T.copy())
        window = WINDOWS[settings.window](settings.window_length, dtype=torch.float64).numpy()
        band = settings.band if self._mel is None else slice(0, settings.n_fft // 2 + 1)
        self._magnitudes = PaddedDFT(window, settings.n_fft, band)

    @torch.no_grad()
    def __call__(self, audio: np.ndarray) -> np.ndarray:
        """(N,) samples at the settings' rate -> (T, F) float32, T = 1 + N // hop.

        Raises :class:`AudioError` if the audio is shorter than a window.
        """
        s = self.settings
        if len(audio) < s.window_length:
            raise AudioError(
                f"expected at least one window of {s.window_length} samples ({s.window_ms:g} ms) "
                f"at {s.sample_rate} Hz, found {len(audio)}; leave the clip out"
            )
        count = 1 + len(audio) // s.hop
        half = s.n_fft // 2 - (s.n_fft - s.window_length) // 2  # as librosa centres an odd window
        padded = torch.nn.functional.pad(torch.from_numpy(audio), (half, s.window_length - half))
        frames = padded.unfold(0, s.window_length, s.hop)
        result = torch.empty(count, s.n_mels or s.n_bins)
        for start in range(0, count, _BLOCK):
            magnitudes = self._magnitudes(frames[start : min(start + _BLOCK, count)])
            if self._mel is not None:
                magnitudes = magnitudes @ self._mel
            result[start : start + _BLOCK] = magnitudes
        if s.scale == "log":
            result.clamp_(min=s.log_floor).log_()
        return cepstrum(result.numpy(), s.n_mfcc) if s.n_mfcc else result.numpy()
