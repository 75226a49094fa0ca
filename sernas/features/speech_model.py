"""Frozen speech models of ``transformers``: audio to the hidden states that are kept of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import avg_pool1d

from sernas.base.errors import SettingsError
from sernas.features.pretrained import open_pretrained
from sernas.features.speech_encoder import SpeechEncoder
from sernas.settings.features import EmbeddingSettings, SpeechModelSettings


class SpeechModel:
    """A speech model, opened to embed audio on ``device``; its ``settings`` say what it gives.

    ``pads``: whether utterances of different lengths can share a batch.

    Args:
        settings: the model, and which layers and steps of it are kept.

    Raises:
        SettingsError: there is no such model, it is another kind of model, or it is incomplete; or
            it has not these layers, or no such steps.
    """

    def __init__(self, settings: SpeechModelSettings, device: torch.device):
        model = open_pretrained(settings.model, device)
        self._encoder, self.pads, self.version = model.encoder, model.encoder.pads, model.version
        self._layers = _layers(settings, self._encoder)
        self._steps = _steps(settings, 1000 * self._encoder.hop / model.sample_rate)
        self.settings = EmbeddingSettings(
            model=settings.model,
            checksum=model.checksum,
            sample_rate=model.sample_rate,
            hop=self._steps * self._encoder.hop,
            n_layers=len(self._layers),
            n_bins=self._encoder.n_bins,
            layers=self._layers,
        )

    def frames(self, samples: int) -> int:
        """Frames that are kept of ``samples``; 0 if these are too few."""
        return -(-self._encoder.frames(samples) // self._steps)

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
        kept = [states[layer] for layer in self._layers]
        return [
            torch.stack([self._averaged(x[number, :n]).half() for x in kept], dim=1).cpu()
            for number, n in enumerate(map(self._encoder.frames, lengths))
        ]

    def _averaged(self, x: Tensor) -> Tensor:
        """(T, D) -> the mean of each group of steps; the last group may be smaller."""
        return x if self._steps == 1 else avg_pool1d(x.T, self._steps, ceil_mode=True).T


def _layers(settings: SpeechModelSettings, encoder: SpeechEncoder) -> tuple[int, ...]:
    """Numbers from 0 on of the layers that are kept."""
    count = encoder.n_layers
    layers = [n + count if n < 0 else n for n in settings.layers or range(count)]
    if len({*layers} & {*range(count)}) < len(layers):
        raise SettingsError(
            f"embeddings.layers: expected some of the {count} layers of {settings.model}, 0 to "
            f"{count - 1} or {-count} to -1, each once, found {list(settings.layers)}; correct the "
            "list, or empty it to keep all"
        )
    return tuple(layers)


def _steps(settings: SpeechModelSettings, own_ms: float) -> int:
    """Steps of the model, each of ``own_ms``, that one of those kept is the mean of."""
    ratio = (settings.step_ms or own_ms) / own_ms
    if ratio < 1 or abs(ratio - round(ratio)) > 1e-6:
        raise SettingsError(
            f"embeddings.step_ms: expected a multiple of the {own_ms:g} ms of {settings.model}, "
            f"found {settings.step_ms:g}; give one, or null for the model's own"
        )
    return round(ratio)
