"""Features by the settings: short windows, a long DFT, and what is made of its band."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
import torch

from sernas.features.cepstrum import cepstrum
from sernas.features.limits import require_window
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
            self._mel = mel_bank(settings)
        window = WINDOWS[settings.window](settings.window_length, dtype=torch.float64).numpy()
        band = settings.band if self._mel is None else slice(0, settings.n_fft // 2 + 1)
        self._magnitudes = PaddedDFT(window, settings.n_fft, band)

    def __call__(self, audio: np.ndarray) -> np.ndarray:
        """(N,) samples at the settings' rate -> (T, F) float32, T = 1 + N // hop.

        Raises :class:`AudioError` if the audio is shorter than a window.
        """
        require_window("audio", len(audio), self.settings)
        [span] = self.spans([audio], 1 + len(audio) // self.settings.hop)
        return np.concatenate(list(self.blocks(span)))

    def spans(self, audio: Iterable[np.ndarray], frames: int) -> Iterator[np.ndarray]:
        """The samples that the first so many frames are made of, then the next so many, to the end.

        ``audio`` comes in pieces (N,) of any length, and is padded with zeros at both ends. From
        a span to the next it is ``frames * hop`` samples; all after the last is in the last.
        """
        s = self.settings
        half = s.n_fft // 2 - (s.n_fft - s.window_length) // 2  # as librosa centres an odd window
        step, held = frames * s.hop, np.zeros(half, np.float32)
        for piece in chain(audio, [np.zeros(s.window_length - half, np.float32)]):
            held = np.concatenate([held, piece])
            while len(held) >= step + s.window_length:
                yield held[: step - s.hop + s.window_length]
                held = held[step:]
        yield held

    @torch.no_grad()
    def blocks(self, span: np.ndarray) -> Iterator[np.ndarray]:
        """The frames of a span, a few at a time: (T, F) float32."""
        s = self.settings
        frames = torch.from_numpy(span).unfold(0, s.window_length, s.hop)
        for start in range(0, len(frames), _BLOCK):
            magnitudes = self._magnitudes(frames[start : start + _BLOCK])
            if self._mel is not None:
                magnitudes = magnitudes @ self._mel
            if s.scale == "log":
                magnitudes = magnitudes.clamp_(min=s.log_floor).log_()
            yield cepstrum(magnitudes.numpy(), s.n_mfcc) if s.n_mfcc else magnitudes.numpy()


def mel_bank(settings: FeatureSettings) -> torch.Tensor:
    """(n_fft // 2 + 1, M) float32: what each bin of the DFT adds to each mel filter."""
    from librosa.filters import mel

    s = settings
    bank = mel(sr=s.sample_rate, n_fft=s.n_fft, n_mels=s.n_mels, fmin=s.f_min, fmax=s.f_max)
    return torch.from_numpy(bank.T.copy())
