"""From samples to spectrograms as a network's first layers, to be exported with it."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.features.cepstrum import cepstrum
from sernas.features.spectrogram import WINDOWS, mel_bank
from sernas.settings.features import FeatureSettings


class SpectrogramLayer(nn.Module):
    """Samples (1, N) at the settings' rate -> (1, 1, F, T) what a store holds, T = 1 + N // hop.

    As :class:`~sernas.features.spectrogram.Spectrogram`, whose DFT is interpolated; here it is one
    convolution, of the window times sines and cosines, which the runtime has quick code for.
    """

    def __init__(self, settings: FeatureSettings):
        super().__init__()
        self.settings = s = settings
        window = WINDOWS[s.window](s.window_length, dtype=torch.float64)
        self.before = s.n_fft // 2 - (s.n_fft - s.window_length) // 2  # as librosa has it
        bins = np.arange(s.n_fft // 2 + 1) if s.n_mels else np.arange(s.n_fft)[s.band]
        turns = np.outer(bins, np.arange(s.window_length)) % s.n_fft / s.n_fft
        waves = torch.from_numpy(2 * math.pi * turns)
        kernels = torch.cat([waves.cos(), waves.sin()]) * window
        self.register_buffer("kernels", kernels.float().unsqueeze(1))  # (2 * bins, 1, W)
        if s.n_mels:
            self.register_buffer("mel", mel_bank(s).T.contiguous())
        if s.n_mfcc:
            dct = cepstrum(np.eye(s.n_mels, dtype=np.float32), s.n_mfcc)
            self.register_buffer("dct", torch.from_numpy(dct.T.copy()))

    def forward(self, samples: Tensor) -> Tensor:
        s = self.settings
        padded = F.pad(samples.unsqueeze(1), (self.before, s.window_length - self.before))
        real, imaginary = F.conv1d(padded, self.kernels, stride=s.hop).chunk(2, 1)
        x = (real.square() + imaginary.square()).sqrt()  # (1, bins, T)
        if s.n_mels:
            x = self.mel @ x
        if s.scale == "log":
            x = x.clamp(min=s.log_floor).log()
        if s.n_mfcc:
            x = self.dct @ x
        return x.half().float().unsqueeze(1)  # as stores round
