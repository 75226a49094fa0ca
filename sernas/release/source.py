"""What is to be recognised: a file, or samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sernas.audio.reading import audio_blocks, resampled
from sernas.audio.trimming import part_of, sounding
from sernas.base.errors import AudioError

Audio = str | Path | np.ndarray
"""A file that libsndfile reads, or mono samples (N,), full scale 1."""


@dataclass(frozen=True)
class Source:
    """A recording that is read as those of the corpus were, however long it is.

    Attributes:
        audio: the file, or its samples.
        rate: of samples, in Hz.
    """

    audio: Audio
    rate: int | None = None

    @property
    def name(self) -> str:
        """What errors call it."""
        return "the samples" if isinstance(self.audio, np.ndarray) else str(self.audio)

    def blocks(
        self, sample_rate: int, silence_db: float = -math.inf, trim_db: float | None = None
    ) -> Iterator[np.ndarray]:
        """The samples at another rate, in pieces (N,) float32; see
        :func:`sernas.audio.reading.audio_blocks`.

        Raises:
            AudioError: it cannot be used.
        """
        if not isinstance(self.audio, np.ndarray):
            return audio_blocks(self.audio, sample_rate, silence_db, trim_db, math.inf)
        if self.audio.ndim != 1 or not self.rate or not np.isfinite(self.audio).all():
            raise AudioError(
                f"samples: expected finite ones of shape (N,) and their rate in Hz, found shape "
                f"{self.audio.shape} and the rate {self.rate}; average the channels"
            )
        samples = self.audio.astype(np.float32, copy=False)
        whole = (0, len(samples))
        span = whole if trim_db is None else sounding([samples], self.rate, trim_db)
        return resampled(part_of([samples], *span), self.rate, sample_rate)
