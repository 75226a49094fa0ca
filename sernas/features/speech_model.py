"""Frozen speech models of ``transformers``: audio to every layer's hidden states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from sernas.features.pretrained import open_pretrained
from sernas.settings.features import EmbeddingSettings, SpeechModelSettings


class SpeechModel:
    """A speech model, opened to embed audio on ``device``; its ``settings`` say what it gives.

    ``pads``: whether utterances of different lengths can share a batch.

    Args:
        settings: which model.

    Raises:
        SettingsError: there is no such model, it is another kind of model, or it is incomplete.
    """

    def __init__(self, settings: SpeechModelSettings, device: torch.device):
        model = open_pretrained(settings.model, device)
        self._encoder, self.pads, self.version = model.encoder, model.encoder.pads, model.version
        self.settings = EmbeddingSettings(
            model=settings.model,
            checksum=model.checksum,
            sample_rate=model.sample_rate,
            hop=self._encoder.hop,
            n_layers=self._encoder.n_layers,
            n_bins=self._encoder.n_bins,
        )

    def frames(self, samples: int) -> int:
        """Frames of ``samples``; 0 if these are too few."""
        return self._encoder.frames(samples)

    @torch.inference_mode()
    def __call__(self, audio: Sequence[np.ndarray]) -> list[Tensor]:
        """Each utterance's samples (N,) -> (T, L, D) float16 on the CPU.

        Values beyond half precision are infinite. Utterances must be as long as one another,
        unless the model ``pads``; then what the others are changes a value by no more than
        rounding.
        """
        lengths = [len(samples) for samples in audio]
        assert self.pads or len(set(lengths)) == 1
        states = self._encoder(audio)
        return [
            torch.stack([x[number, :n].half() for x in states], dim=1).cpu()
            for number, n in enumerate(map(self._encoder.frames, lengths))
        ]
