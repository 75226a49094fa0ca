"""Frozen self-supervised speech models of ``transformers``: audio to every layer's hidden states.

wav2vec 2.0 (Baevski et al. 2020), HuBERT (Hsu et al. 2021) and WavLM (Chen et al. 2022).
"""

from __future__ import annotations

import hashlib
import json
import math
import warnings
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from sernas.base.errors import SettingsError
from sernas.features.transformers_import import import_transformers
from sernas.settings.features import EmbeddingSettings

MODEL_TYPES = ("wav2vec2", "hubert", "wavlm")
_UNUSED = "masked_spec_embed"  # for pretraining alone; random where a checkpoint lacks it
_ABOUT_FILES = ("_name_or_path", "architectures", "dtype", "transformers_version")


class SpeechModel:
    """A speech model, opened to embed audio on ``device``; ``settings`` says what it gives.

    ``pads``: whether utterances of different lengths can share a batch. They can where padding is
    masked from the first layer to the last. Models with ``feat_extract_norm`` "group" normalise
    over time, padding included, before any mask (and saw none in training): never with these.

    Args:
        model: name on the Hugging Face hub, or a folder that ``save_pretrained`` wrote.

    Raises:
        SettingsError: there is no such model, it is another kind of model, or it is incomplete.
    """

    def __init__(self, model: str, device: torch.device):
        library = import_transformers()
        self._config, self._extractor, network = _load(library, model)
        self._network, self._device = network.eval().requires_grad_(False).to(device), device
        self.pads = self._config.feat_extract_norm == "layer" and not getattr(
            self._config, "conv_pos_batch_norm", False
        )
        self.version = library.__version__
        self.settings = EmbeddingSettings(
            model=model,
            checksum=_checksum(self._config, self._extractor, network),
            sample_rate=self._extractor.sampling_rate,
            hop=math.prod(self._config.conv_stride),
            n_layers=self._config.num_hidden_layers + 1,
            n_bins=self._config.hidden_size,
        )

    def frames(self, samples: int) -> int:
        """Frames of ``samples``: what convolutions without padding leave of them; 0 if too few."""
        for kernel, stride in zip(self._config.conv_kernel, self._config.conv_stride, strict=True):
            samples = max(0, (samples - kernel) // stride + 1)
        return samples

    @torch.inference_mode()
    def __call__(self, audio: Sequence[np.ndarray]) -> list[Tensor]:
        """Each utterance's samples (N,) -> (T, L, D) float16 on the CPU.

        L is the first layer's input, and each layer's output as ``hidden_states`` has them. Values
        beyond half precision are infinite. Utterances must be as long as one another, unless the
        model ``pads``; then what the others are changes a value by no more than rounding.
        """
        lengths = [len(samples) for samples in audio]
        assert self.pads or len(set(lengths)) == 1
        rate = self.settings.sample_rate
        inputs = [
            self._extractor(samples, sampling_rate=rate, return_tensors="pt")["input_values"][0]
            for samples in audio
        ]
        x = pad_sequence(inputs, batch_first=True)
        mask = None
        if min(lengths) < max(lengths):
            mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
            mask = mask.to(self._device)
        with warnings.catch_warnings(action="ignore"):  # of what WavLM does with its mask
            states = self._network(
                x.to(self._device), attention_mask=mask, output_hidden_states=True
            ).hidden_states
        half = torch.stack([state.half() for state in states], dim=2).cpu()
        return [each[: self.frames(n)] for each, n in zip(half, lengths, strict=True)]


def _load(library: ModuleType, model: str):
    """Configuration, feature extractor and network (float32) under a name."""
    try:
        config = library.AutoConfig.from_pretrained(model)
        if config.model_type not in MODEL_TYPES:
            raise ValueError(f"a model of the kind {config.model_type}")
        extractor = library.AutoFeatureExtractor.from_pretrained(model)
        network, found = library.AutoModel.from_pretrained(
            model, config=config, dtype=torch.float32, output_loading_info=True
        )
        missing = sorted(name for name in found["missing_keys"] if _UNUSED not in name)
        if missing:
            raise ValueError(f"no weights for {missing[0]} and {len(missing) - 1} others")
    except Exception as error:  # from_pretrained raises whatever it happens upon
        first = str(error).strip().split("\n")[0]
        raise SettingsError(
            f"embeddings.model: expected {model} to be a whole speech model "
            f"({', '.join(MODEL_TYPES)}) with its feature extractor, in a folder or on the Hugging "
            "Face hub, found: "
            f"{first or type(error).__name__}; correct the name, or fetch the model where there is "
            "a connection (save_pretrained of both), and give the folder"
        ) from error
    return config, extractor, network


def _checksum(config, extractor, network) -> str:
    """SHA-256, hexadecimal, of the weights and of all settings that differ from the defaults."""
    digest = hashlib.sha256()
    for part in (config.to_diff_dict(), extractor.to_dict()):
        told = {key: value for key, value in part.items() if key not in _ABOUT_FILES}
        digest.update(json.dumps(told, sort_keys=True, default=str).encode())
    for name, weight in sorted(network.state_dict().items()):
        if _UNUSED not in name:
            digest.update(f"{name} {tuple(weight.shape)}".encode())
            digest.update(weight.cpu().contiguous().numpy())
    return digest.hexdigest()
