"""Mel-frequency cepstral coefficients (Davis and Mermelstein 1980): the DCT of log mel spectra."""

from __future__ import annotations

import numpy as np


def cepstrum(log_mel: np.ndarray, n_mfcc: int) -> np.ndarray:
    """(T, M) natural logarithms of mel magnitudes -> their first coefficients (T, n_mfcc).

    The orthonormal DCT-II, from coefficient 0 on and without liftering, in the type of ``log_mel``.
    ``librosa.feature.mfcc`` and ``torchaudio.transforms.MFCC`` differ by their defaults:

    - They take decibels, 20 / ln 10 times as much. Normalisation takes the factor away, and
      float16 rounds both by the same share of the value, so nothing is converted.
    - They clip 80 dB below the loudest value of the utterance. Here ``features.log_floor`` is the
      same for every utterance, and a frame does not depend on the loudest one.
    - They sum power in the mel filters. Here, as in every mel spectrum of ours, it is magnitude
      (``power=1`` there); on speech the coefficients are nearly the same but for scale.
    """
    from scipy.fft import dct

    return np.ascontiguousarray(dct(log_mel, type=2, norm="ortho")[:, :n_mfcc])
