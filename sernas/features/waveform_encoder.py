"""Speech models that take samples: strided convolutions without padding, then a transformer.

wav2vec 2.0 (Baevski et al. 2020), HuBERT (Hsu et al. 2021), WavLM (Chen et al. 2022), data2vec
(Baevski et al. 2022), UniSpeech (Wang et al. 2021) and UniSpeech-SAT (Chen et al. 2022).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from sernas.features.speech_encoder import SpeechEncoder

_DATA2VEC = "data2vec-audio"


class WaveformEncoder(SpeechEncoder):
    """wav2vec 2.0 and those with its interface.

    Models with ``feat_extract_norm`` "group" normalise over time, padding included, before any mask
    (and saw none in training), and data2vec convolves several times for its positions with no mask
    in between: these do not pad.
    """

    kinds = ("wav2vec2", "hubert", "wavlm", _DATA2VEC, "unispeech", "unispeech-sat")

    def __init__(self, config: Any, extractor: Any, network: Any):
        self._config, self._extractor, self._network = config, extractor, network
        self.pads = (
            config.model_type != _DATA2VEC
            and config.feat_extract_norm == "layer"
            and not getattr(config, "conv_pos_batch_norm", False)
        )
        self.hop = math.prod(config.conv_stride)
        self.n_layers = config.num_hidden_layers + 1
        self.n_bins = config.hidden_size

    @staticmethod
    def load(library: ModuleType, model: str, **how: Any) -> tuple[Any, dict]:
        return library.AutoModel.from_pretrained(model, **how)

    def frames(self, samples: int) -> int:
        """What convolutions without padding leave of ``samples``; 0 if these are too few."""
        for kernel, stride in zip(self._config.conv_kernel, self._config.conv_stride, strict=True):
            samples = max(0, (samples - kernel) // stride + 1)
        return samples

    def __call__(self, audio: Sequence[np.ndarray]) -> list[Tensor]:
        rate, device = self._extractor.sampling_rate, self._network.device
        inputs = [
            self._extractor(samples, sampling_rate=rate, return_tensors="pt")["input_values"][0]
            for samples in audio
        ]
        lengths = torch.tensor([len(samples) for samples in audio])
        mask = None
        if lengths.min() < lengths.max():
            mask = (torch.arange(lengths.max()) < lengths[:, None]).long().to(device)
        x = pad_sequence(inputs, batch_first=True).to(device)
        with warnings.catch_warnings(action="ignore"):  # of what WavLM does with its mask
            return self._network(x, attention_mask=mask, output_hidden_states=True).hidden_states
