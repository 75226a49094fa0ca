"""A speech model of random weights, small enough for tests and for the demo: it knows no speech."""

from __future__ import annotations

from pathlib import Path

import torch

from sernas.base.files import atomic
from sernas.features.transformers_import import import_transformers

RATE = 16000  # Hz


def make_tiny_speech_model(folder: Path, kind: str = "wav2vec2", norm: str = "layer") -> None:
    """Save a model of 2 layers of 16 values, always the same, as ``save_pretrained`` does.

    It takes and gives what wav2vec 2.0 and its like do (16 kHz; a frame every 20 ms).

    Args:
        folder: becomes the whole of it, or is not made.
        kind: one of those of :class:`sernas.features.waveform_encoder.WaveformEncoder`.
        norm: "group" normalises each channel over an utterance's time, as the base models do, and
            "layer" each frame, as the large ones do.
    """
    library = import_transformers()
    config = library.AutoConfig.for_model(
        kind,
        feat_extract_norm=norm,
        do_stable_layer_norm=norm == "layer",
        conv_dim=(16,) * 7,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
    )
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(1)
        model = library.AutoModel.from_config(config)
    extractor = library.Wav2Vec2FeatureExtractor(
        sampling_rate=RATE, do_normalize=True, return_attention_mask=norm == "layer"
    )
    with atomic(folder) as temporary:
        model.save_pretrained(temporary)
        extractor.save_pretrained(temporary)
