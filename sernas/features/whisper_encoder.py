"""Whisper's encoder (Radford et al. 2022), on the frames that are there in place of 30 s."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import gelu

from sernas.features.speech_encoder import SpeechEncoder

_STRIDE = 2  # log-mel frames a step of the encoder


class WhisperEncoder(SpeechEncoder):
    """A Whisper model's encoder; a decoder is not loaded.

    Log-mel frames, convolutions and positions are those of the audio padded with zeros to 30 s, as
    ``transformers`` takes it, and so is the first layer's input. It is cut to ceil(samples / hop)
    steps, and the layers attend to these alone: for audio of full 30 s they give what the library
    does, and for shorter audio what it would if it masked the silence after it. Longer audio is
    taken in windows of 30 s one after another, each alone.

    So that 3 s do not cost 30, layers differ from those that attend to the silence too: of tiny.en
    and 2 s of speech, by a relative error of each step's values of 0, 4, 10, 16 and 23 % (median)
    and 0, 13, 19, 26 and 51 % (95th percentile), from layer 0 to layer 4.
    """

    kinds = ("whisper",)
    pads = True

    def __init__(self, config: Any, extractor: Any, network: Any):
        self._extractor, self._network = extractor, network
        self.hop = _STRIDE * extractor.hop_length
        self._window = self.hop * config.max_source_positions
        self.n_layers = config.encoder_layers + 1
        self.n_bins = config.d_model

    @staticmethod
    def load(library: ModuleType, model: str, **how: Any) -> tuple[Any, dict]:
        """The encoder of a model for a task, of one for none, or alone."""
        kind = library.models.whisper.modeling_whisper.WhisperEncoder
        return kind.from_pretrained(model, key_mapping={r"^(model\.)?encoder\.": ""}, **how)

    def frames(self, samples: int) -> int:
        """Steps that begin within ``samples``."""
        return -(-samples // self.hop)

    def __call__(self, audio: Sequence[np.ndarray]) -> list[Tensor]:
        starts = range(0, max(map(len, audio)), self._window)
        windows = [
            self._of_window([samples[start:][: self._window] for samples in audio])
            for start in starts
        ]
        return [torch.cat(states, dim=1) for states in zip(*windows, strict=True)]

    def _of_window(self, audio: Sequence[np.ndarray]) -> list[Tensor]:
        network, lengths = self._network, [self.frames(len(samples)) for samples in audio]
        steps = max(lengths)
        x = self._log_mel(audio, steps).to(network.device)
        x = gelu(network.conv2(gelu(network.conv1(x))))[:, :, :steps].transpose(1, 2)
        x = x + network.embed_positions.weight[:steps]
        mask = None
        if min(lengths) < steps:
            there = torch.arange(steps) < torch.tensor(lengths)[:, None, None, None]
            mask = torch.zeros(there.shape).masked_fill(~there, torch.finfo(x.dtype).min).to(x)
        states = [x]
        for layer in network.layers:
            states.append(layer(states[-1], mask))
        states[-1] = network.layer_norm(states[-1])
        return states

    def _log_mel(self, audio: Sequence[np.ndarray], steps: int) -> Tensor:
        """(B, F, T) log-mel frames that ``steps`` follow from, as if there were zeros to 30 s.

        The zeros of a window of the DFT are enough: no frame with sound is beyond them, which
        matters since loudness is relative to the greatest, and none reflects sound at the end.
        """
        return self._extractor(
            list(audio),
            sampling_rate=self._extractor.sampling_rate,
            max_length=min(steps * self.hop + self._extractor.n_fft, self._window),
            return_tensors="pt",
        )["input_features"]
