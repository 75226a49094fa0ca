"""Speech models by name: which kind of encoder, what is loaded of it, and which it was."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

import torch

from sernas.base.errors import SettingsError
from sernas.features.speech_encoder import SpeechEncoder
from sernas.features.transformers_import import import_transformers
from sernas.features.waveform_encoder import WaveformEncoder
from sernas.features.whisper_encoder import WhisperEncoder

_ENCODERS = {kind: each for each in (WaveformEncoder, WhisperEncoder) for kind in each.kinds}
_UNUSED = "masked_spec_embed"  # for pretraining alone; random where a checkpoint lacks it
_ABOUT_FILES = ("_name_or_path", "architectures", "dtype", "transformers_version")


class Pretrained(NamedTuple):
    """A speech model that was opened.

    Attributes:
        encoder: what makes hidden states of audio.
        sample_rate: of the audio that it takes, in Hz.
        checksum: SHA-256, hexadecimal, of weights and settings.
        version: of the library.
    """

    encoder: SpeechEncoder
    sample_rate: int
    checksum: str
    version: str


def open_pretrained(model: str, device: torch.device) -> Pretrained:
    """The speech model, float32 on ``device``, that a name or a folder stands for.

    Args:
        model: name on the Hugging Face hub, or a folder that ``save_pretrained`` wrote.

    Raises:
        SettingsError: there is no such model, it is another kind of model, or it is incomplete.
    """
    library = import_transformers()
    try:
        config = library.AutoConfig.from_pretrained(model)
        if not (kind := _ENCODERS.get(config.model_type)):
            raise ValueError(f"a model of the kind {config.model_type}")
        extractor = library.AutoFeatureExtractor.from_pretrained(model)
        network, found = kind.load(
            library, model, config=config, dtype=torch.float32, output_loading_info=True
        )
        missing = sorted(name for name in found["missing_keys"] if _UNUSED not in name)
        if missing:
            raise ValueError(f"no weights for {missing[0]} and {len(missing) - 1} others")
    except Exception as error:  # from_pretrained raises whatever it happens upon
        first = str(error).strip().split("\n")[0]
        raise SettingsError(
            f"embeddings.model: expected {model} to be a whole speech model "
            f"({', '.join(_ENCODERS)}) with its feature extractor, in a folder or on the Hugging "
            "Face hub, found: "
            f"{first or type(error).__name__}; correct the name, or fetch the model where there is "
            "a connection (save_pretrained of both), and give the folder"
        ) from error
    checksum = _checksum(config, extractor, network)
    network.eval().requires_grad_(False).to(device)
    encoder = kind(config, extractor, network)
    return Pretrained(encoder, extractor.sampling_rate, checksum, library.__version__)


def _checksum(config: Any, extractor: Any, network: torch.nn.Module) -> str:
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
