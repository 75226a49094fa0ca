"""How the demo corpus's speakers speak: their voices, and what an emotion does to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

# What emotion sets, by IEMOCAP's codes; 0 is an ordinary manner of speaking, and 1 about the
# difference that one hears.
MANNERS = ("f0_level", "f0_range", "rate", "brightness", "jitter", "pauses", "energy")
EMOTION_MEANS = {
    "neu": (-0.6, -1.0, 0.6, -0.2, -0.6, -0.2, 0.0),
    "ang": (1.4, 0.8, 1.6, 3.2, 2.2, -1.6, 2.0),
    "hap": (2.4, 3.0, 0.4, 1.0, -1.2, -0.6, 0.8),
    "sad": (-1.2, -2.0, -2.4, -2.2, 1.2, 2.6, -1.6),
    "exc": (3.0, 3.0, 1.6, 1.8, -0.4, -1.4, 1.8),
    "fru": (0.6, 0.6, 0.4, 1.8, 1.4, 0.2, 1.0),
    "xxx": (0.4, 0.4, 0.0, 0.4, 0.0, 0.0, 0.0),
}
SPEAKER_SPREAD = 0.4
"""Standard deviation between speakers of a manner, at difficulty 1."""
UTTERANCE_SPREAD = 0.6
"""Standard deviation between one speaker's utterances of an emotion, at difficulty 1."""


@dataclass(frozen=True)
class Voice:
    """What a speaker is born with, and the habits learned since."""

    f0: float
    """Hz."""
    formant_scale: float
    """1 is an adult male vocal tract."""
    breath: float
    gain_db: float
    habits: np.ndarray
    """(len(MANNERS),), in standard deviations between speakers."""


@dataclass(frozen=True)
class Style:
    """One utterance's speech, in physical units."""

    f0: float
    """Mean, in Hz."""
    f0_range: float
    """Height of an accent, in semitones."""
    rate: float
    """Syllables a second."""
    tilt: float
    """Exponent of the fall of harmonics: 1 is 6 dB an octave."""
    jitter: float
    """Standard deviation of f0 from one frame to the next, in semitones."""
    pause: float
    """Probability of a pause after a syllable."""
    breath: float
    """Noise in the voiced source, relative to the pulses."""
    gain_db: float
    """Level of the utterance's RMS, relative to full scale."""
    formant_scale: float


def random_stream(seed: int, name: str) -> np.random.Generator:
    """A stream of its own for each name, so that adding utterances changes no others."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8]))


def draw_voice(gender: str, rng: np.random.Generator) -> Voice:
    """A speaker; ``gender`` is "F" or "M"."""
    f0, scale = {"F": (195.0, 1.16), "M": (115.0, 1.0)}[gender]
    return Voice(
        f0=f0 * 2 ** (rng.normal(0, 1.5) / 12),
        formant_scale=scale * np.exp(rng.normal(0, 0.03)),
        breath=rng.uniform(0.02, 0.08),
        gain_db=rng.normal(0, 3),
        habits=rng.standard_normal(len(MANNERS)),
    )


def draw_style(code: str, voice: Voice, difficulty: float, rng: np.random.Generator) -> Style:
    """One utterance's style: the emotion's means, the speaker's habits, and chance.

    ``difficulty`` scales habits and chance: 0 sets the classes apart, 1 lets them overlap.
    """
    chance = rng.standard_normal(len(MANNERS))
    spread = difficulty * (SPEAKER_SPREAD * voice.habits + UTTERANCE_SPREAD * chance)
    z = dict(zip(MANNERS, EMOTION_MEANS[code] + spread, strict=True))
    return Style(
        f0=voice.f0 * 2 ** (2.2 * z["f0_level"] / 12),
        f0_range=3.5 * np.exp(0.3 * z["f0_range"]),
        rate=4.5 * np.exp(0.18 * z["rate"]),
        tilt=max(1.0 - 0.22 * z["brightness"], 0.2),
        jitter=0.15 * np.exp(0.6 * z["jitter"]),
        pause=1 / (1 + np.exp(2.2 - z["pauses"])),
        breath=voice.breath * np.exp(-0.3 * z["energy"]),
        # Chance is much larger than the emotion's part: level alone should tell little.
        gain_db=-30 + voice.gain_db + 1.5 * z["energy"] + rng.uniform(-8, 8),
        formant_scale=voice.formant_scale,
    )
