"""Spectrograms by the settings: short Hann windows, a long DFT, and the band that is kept."""

from __future__ import annotations

import numpy as np
import torch

from sernas.errors import AudioError
from sernas.settings import FeatureSettings

_BLOCK = 64  # frames per DFT call: at 16384 points this stays in the cache and bounds the memory


class Spectrogram:
    """Magnitude spectrogram of one utterance (Wu et al. 2022, section 4.1).

    Frame t is centred on sample t * hop, with zeros beyond both ends and a periodic Hann window in
    the middle of the DFT, as in ``librosa.stft(center=True, pad_mode="constant")``.
    """

    def __init__(self, settings: FeatureSettings):
        self.settings = settings
        self._window = torch.hann_window(settings.window)
        self._mel = None
        if settings.n_mels:
            from librosa.filters import mel

            s = settings
            bank = mel(sr=s.sample_rate, n_fft=s.n_fft, n_mels=s.n_mels, fmin=s.f_min, fmax=s.f_max)
            self._mel = torch.from_numpy(bank.T.copy())

    @torch.no_grad()
    def __call__(self, audio: np.ndarray) -> np.ndarray:
        """(N,) samples at the settings' rate -> (T, F) float32, T = 1 + N // hop.

        Raises :class:`AudioError` if the audio is shorter than a window.
        """
        s = self.settings
        if len(audio) < s.window:
            raise AudioError(
                f"expected at least one window of {s.window} samples ({s.window_ms:g} ms) at "
                f"{s.sample_rate} Hz, found {len(audio)}; leave the clip out"
            )
        count = 1 + len(audio) // s.hop
        half = s.n_fft // 2
        padded = torch.nn.functional.pad(torch.from_numpy(audio), (half, s.n_fft - half))
        result = torch.empty(count, s.n_bins)
        for start in range(0, count, _BLOCK):
            stop = min(start + _BLOCK, count)
            samples = padded[start * s.hop : (stop - 1) * s.hop + s.n_fft]
            result[start:stop] = self._block(samples)
        if s.scale == "log":
            result.clamp_(min=s.log_floor).log_()
        return result.numpy()

    def _block(self, samples: torch.Tensor) -> torch.Tensor:
        """Padded samples -> (frames, F) magnitudes."""
        s = self.settings
        spectrum = torch.stft(
            samples, s.n_fft, s.hop, s.window, self._window, center=False, return_complex=True
        ).T
        if self._mel is None:
            return spectrum[:, s.band].abs()
        return spectrum.abs() @ self._mel
