"""Something to measure with: speech-like sound, and the paper's features of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sernas.corpora.demo_speech import SAMPLE_RATE, synthesise
from sernas.corpora.demo_styles import draw_style, draw_voice, random_stream
from sernas.settings.features import FeatureSettings


def utterances(seconds: Iterable[float]) -> list[np.ndarray]:
    """Utterances of these lengths: (N,) float32 at 16 kHz."""
    rng = random_stream(0, "benchmarks")
    style = draw_style("neu", draw_voice("F", rng), 0.5, rng)
    return [synthesise(length, style, rng).astype(np.float32) for length in seconds]


def features(n_bins: int = 4096, scale: str = "log") -> FeatureSettings:
    """0 to 4 kHz in ``n_bins`` bins, 100 frames a second; 4096 is the paper's (section 4.1)."""
    return FeatureSettings(
        sample_rate=SAMPLE_RATE,
        window_ms=40,
        hop_ms=10,
        n_fft=4 * n_bins,
        f_min=0,
        f_max=SAMPLE_RATE / 4,
        n_mels=None,
        scale=scale,
        log_floor=1e-4,
    )
