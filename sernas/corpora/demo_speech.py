"""Speech-like sound by a source and a filter (Fant 1960; formants as in Klatt 1980).

Harmonics that follow an f0 contour, with breath noise, pass through four moving formants;
fricative noise comes between syllables, and background noise lies under it all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sernas.corpora.demo_styles import Style

SAMPLE_RATE = 16000
_FFT, _HOP = 512, 128
_FREQUENCY = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)[:, None]
_BANDWIDTHS = np.array([70.0, 100.0, 150.0, 220.0])
# First four formants (Hz) of an adult male: i e a o u and schwa (Peterson and Barney 1952).
_VOWELS = np.array(
    [
        [270, 2290, 3010, 3600],
        [530, 1840, 2480, 3500],
        [730, 1090, 2440, 3400],
        [570, 840, 2410, 3300],
        [300, 870, 2240, 3300],
        [500, 1500, 2500, 3500],
    ],
    dtype=float,
)


@dataclass(frozen=True)
class _Syllables:
    """Syllables in time: arrays (N,) in seconds or relative units."""

    start: np.ndarray
    length: np.ndarray
    loudness: np.ndarray
    accent: np.ndarray
    friction: np.ndarray
    vowel: np.ndarray

    def at(self, *fractions: float) -> np.ndarray:
        """(N * len(fractions),): increasing times, given as fractions of each syllable."""
        return (self.start[:, None] + self.length[:, None] * np.array(fractions)).ravel()


def synthesise(seconds: float, style: Style, rng: np.random.Generator) -> np.ndarray:
    """An utterance of ``seconds`` in ``style``: float64 samples (T,) within [-1, 1] at 16 kHz."""
    samples = round(seconds * SAMPLE_RATE)
    frames = np.arange(-(-samples // _HOP) + 1) * _HOP / SAMPLE_RATE
    syllables = _draw_syllables(seconds, style, rng)
    envelope = np.interp(
        frames,
        syllables.at(0.0, 0.25, 0.75, 0.97, 1.0),
        np.outer(syllables.loudness, [0.0, 1.0, 0.8, 0.3, 0.0]).ravel(),
    )
    friction = np.interp(
        frames,
        syllables.at(0.0, 0.1, 0.3, 1.0),
        np.outer(syllables.friction, [0.0, 1.0, 0.0, 0.0]).ravel(),
    )
    f0 = _f0_contour(frames, syllables, style, rng)
    voiced = _harmonics(np.interp(np.arange(samples) / SAMPLE_RATE, frames, f0), style.tilt)
    voiced += style.breath * rng.standard_normal(samples)
    formants = np.stack(
        [
            np.interp(frames, syllables.at(0.3, 0.8), track.repeat(2))
            for track in _VOWELS[syllables.vowel].T * style.formant_scale
        ]
    )
    speech = _filter(voiced, _vocal_tract(formants) * envelope)
    hiss = _filter(rng.standard_normal(samples), _fricative() * friction)
    speech = speech / speech.std() + 0.1 * hiss / (hiss.std() + 1e-9)
    speech += 10 ** (rng.uniform(-40, -30) / 20) * rng.standard_normal(samples)
    speech *= 10 ** (style.gain_db / 20) / speech.std()
    return speech * min(1.0, 0.99 / np.abs(speech).max())


def _draw_syllables(seconds: float, style: Style, rng: np.random.Generator) -> _Syllables:
    n = int(seconds * style.rate * 2) + 2  # more than fit, so that chance never runs out
    length = np.exp(rng.normal(0, 0.2, n)) / style.rate
    pause = (rng.random(n) < style.pause) * rng.uniform(0.12, 0.35, n)
    start = 0.05 + np.concatenate([[0], np.cumsum(length + pause)[:-1]])
    fits = start + length < seconds - 0.03
    fits[0] = True
    accent = np.where(rng.random(n) < 0.4, rng.uniform(0.7, 1.3, n), rng.uniform(-0.3, 0.2, n))
    return _Syllables(
        start=start[fits],
        length=length[fits],
        loudness=(np.exp(rng.normal(0, 0.25, n)) * (1 + 0.4 * accent.clip(0)))[fits],
        accent=accent[fits],
        friction=(rng.random(n) < 0.45)[fits] * rng.uniform(0.5, 1.0, n)[fits],
        vowel=rng.integers(len(_VOWELS), size=n)[fits],
    )


def _f0_contour(frames, syllables: _Syllables, style: Style, rng) -> np.ndarray:
    """f0 in Hz at the frames: a declining line, accents, vibrato and jitter, in semitones."""
    declination = style.f0_range * (0.5 - frames / frames[-1])
    accents = np.interp(
        frames,
        syllables.at(0.0, 0.5, 1.0 - 1e-6),
        np.outer(syllables.accent, [0.1, 1.0, 0.1]).ravel() * style.f0_range,
    )
    vibrato = 0.15 * np.sin(2 * np.pi * (5.5 * frames + rng.random()))
    jitter = style.jitter * rng.standard_normal(len(frames))
    contour = declination + accents - accents.mean() + vibrato + jitter
    return np.clip(style.f0 * 2 ** (contour / 12), 55, 600)


def _harmonics(f0: np.ndarray, tilt: float) -> np.ndarray:
    """Sum of the harmonics of ``f0`` (T,), the h-th with amplitude ``h ** -tilt``.

    One period is tabulated and read at the phase; its harmonics end below half the sample rate.
    """
    table_size = 4096
    count = int(SAMPLE_RATE / 2 / f0.max())
    spectrum = np.zeros(table_size // 2 + 1, dtype=complex)
    spectrum[1 : count + 1] = np.arange(1, count + 1) ** -tilt
    period = np.fft.irfft(spectrum) * table_size / 2
    phase = np.cumsum(f0 / SAMPLE_RATE) % 1
    return np.interp(phase * table_size, np.arange(table_size + 1), np.append(period, period[0]))


def _vocal_tract(formants: np.ndarray) -> np.ndarray:
    """Magnitude of a cascade of resonances at ``formants`` (4, frames): (bins, frames)."""
    power = np.ones((len(_FREQUENCY), formants.shape[1]))
    for centre, bandwidth in zip(formants, _BANDWIDTHS, strict=True):
        power *= ((1 - (_FREQUENCY / centre) ** 2) ** 2) + (bandwidth * _FREQUENCY / centre**2) ** 2
    # The poles above the fourth, left out, would have held the high frequencies up.
    return (1 + (_FREQUENCY / 3500) ** 2) ** 2 / np.sqrt(power)


def _fricative() -> np.ndarray:
    """Magnitude of a broad hump at 4.5 kHz: (bins, 1)."""
    return np.exp(-(((_FREQUENCY - 4500) / 1500) ** 2))


def _filter(signal: np.ndarray, response: np.ndarray) -> np.ndarray:
    """``signal`` (T,) through a response (bins, frames) that changes with time."""
    from scipy.signal import istft, stft

    *_, spectrum = stft(signal, nperseg=_FFT, noverlap=_FFT - _HOP)
    response = response[:, : spectrum.shape[1]]
    return istft(spectrum * response, nperseg=_FFT, noverlap=_FFT - _HOP)[1][: len(signal)]
