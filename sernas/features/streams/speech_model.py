"""Embeddings: the hidden states of a speech model, a channel a layer."""

from __future__ import annotations

from pathlib import Path

from sernas.features.stream import STREAMS, Stream
from sernas.settings.features import TINY_MODEL, EmbeddingSettings, SpeechModelSettings


def is_named(settings: SpeechModelSettings) -> bool:
    """Whether there is a speech model."""
    return settings.model is not None


def folder_of(settings: SpeechModelSettings) -> list[str]:
    """The speech model, where it is in a folder."""
    model = settings.model
    return [model] if model and (model == TINY_MODEL or Path(model).is_dir()) else []


def caption(settings: SpeechModelSettings) -> str:
    """Which speech model it was."""
    known = "a tiny one of random weights, which knows no speech"
    return f"Speech model: {known if settings.model == TINY_MODEL else settings.model}."


def disk_mb(settings: SpeechModelSettings, seconds: float) -> float:
    """In half precision, of 768 values of each layer that is kept, of 13."""
    layers = len(settings.layers) or 13
    return layers * 768 * seconds * 1000 / (settings.step_ms or 20) * 2 / 2**20


def step_mb(seconds: float) -> float:
    """Of 13 layers of 768 values every 20 ms, which a model of base size has."""
    return 10 * 13 * 768 * 50 * seconds * 4 / 2**20


def utterance_mb(seconds: float) -> float:
    """Of a cell that sees a whole sequence, 6 KB a step at most."""
    return 6 * 50 * seconds / 1024


STREAMS.add(
    Stream(
        "embeddings",
        store="embeddings",
        kind="embeddings",
        statistics="_embeddings",
        section="embeddings",
        made_by=SpeechModelSettings,
        settings=EmbeddingSettings,
        libraries=("numpy", "torch", "transformers", "soundfile", "soxr", "h5py"),
        extra=("transformers", "deep"),
        extraction="sernas.features.embeddings:extract_embeddings",
        front_end="sernas.features.embeddings:front_end",
        extraction_mb=8000,
        extraction_minutes=(600, 60),
        on_device=True,
        there=is_named,
        needs=folder_of,
        caption=caption,
        disk_mb=disk_mb,
        step_mb=step_mb,
        utterance_mb=utterance_mb,
        epoch_minutes=(8.0, 0.5),
    )
)
