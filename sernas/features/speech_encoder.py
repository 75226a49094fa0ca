"""What every kind of speech model is to the rest of the code: audio to hidden states."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
from torch import Tensor


class SpeechEncoder(ABC):
    """Models of some kinds, with configuration, feature extractor and network of ``transformers``.

    Attributes:
        kinds: their ``model_type`` there.
        pads: whether utterances of different lengths can share a batch. They can where padding is
            masked from the first layer to the last.
        hop: samples from frame to frame.
        n_layers: hidden states of a frame: the input of the first layer, and each layer's output,
            as the library's ``hidden_states`` have them.
        n_bins: values of a hidden state.
    """

    kinds: ClassVar[tuple[str, ...]]
    pads: bool
    hop: int
    n_layers: int
    n_bins: int

    @abstractmethod
    def __init__(self, config: Any, extractor: Any, network: Any):
        """Of what was loaded; the network is on its device, and made to evaluate."""

    @staticmethod
    @abstractmethod
    def load(library: ModuleType, model: str, **how: Any) -> tuple[Any, dict]:
        """What the right class's ``from_pretrained`` gives: a network, and what was found of it."""

    @abstractmethod
    def frames(self, samples: int) -> int:
        """Frames of ``samples``; 0 if too few."""

    @abstractmethod
    def __call__(self, audio: Sequence[np.ndarray]) -> list[Tensor]:
        """Utterances of samples (N,) -> each layer's hidden states (B, T, D), float32.

        T is that of the longest; what lies beyond the frames of another means nothing.
        """
