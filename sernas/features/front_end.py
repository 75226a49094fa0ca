"""The frames of samples that are in no file: what extraction makes of one, without a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sernas.base.errors import SettingsError
from sernas.base.registry import load
from sernas.features.store import StoreSettings
from sernas.features.stream import STREAMS
from sernas.settings.features import EmbeddingSettings


class FrontEnd(NamedTuple):
    """What makes frames of one stream.

    Attributes:
        sample_rate: of what it takes, in Hz.
        frames_of: from samples (N,) float32, and what errors call them, to the (T, F) or (T, L, D)
            float16 that a store holds of them.
    """

    sample_rate: int
    frames_of: Callable[[np.ndarray, str], np.ndarray]

    def __call__(self, samples: np.ndarray, name: str) -> np.ndarray:
        """Raises AudioError for samples that extraction would exclude."""
        return self.frames_of(samples, name)


def front_end(stream: str, settings: StoreSettings, speech_model: str | None = None) -> FrontEnd:
    """What made the frames of a store.

    Args:
        settings: of that store.
        speech_model: where the speech model is, if not where it was.

    Raises:
        SettingsError: a library or the speech model is not at hand, or it is another.
    """
    card = STREAMS[stream]
    if card.front_end is None:
        raise SettingsError(
            f"the stream {stream!r}: expected a front_end, which makes frames of samples, found "
            "none; add one to its card"
        )
    if speech_model is not None and isinstance(settings, EmbeddingSettings):
        settings = replace(settings, model=speech_model)
    return FrontEnd(settings.sample_rate, load(card.front_end)(settings))
