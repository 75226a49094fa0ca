"""A released model as an ONNX file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from sernas.base.errors import SettingsError
from sernas.base.files import atomic
from sernas.features.limits import LEAST_FRAMES
from sernas.release.about import About
from sernas.release.model import ReleasedModel
from sernas.release.onnx_file import as_onnx, joined, require_onnx
from sernas.release.onnx_front_end import SpectrogramLayer
from sernas.release.onnx_graph import Graph
from sernas.release.onnx_run import require_equal
from sernas.release.onnx_trimming import Trimming
from sernas.settings.features import FeatureSettings

if TYPE_CHECKING:
    from onnx import ModelProto

OUTPUT = "probabilities"
FRAMES = 103
"""Of what graphs are made with."""


def export_to_onnx(model: ReleasedModel, path: Path, start: str) -> None:
    """Write a released model as an ONNX file, its networks averaged, for recordings of any length.

    From the waveform it takes samples ``waveform`` (1, N) at the model's rate, full scale 1; from
    features the frames of each stream by its name, (1, C, F, T), not normalised. It gives
    ``probabilities`` (1, classes), which are compared with the model's own before the file is
    there.

    Args:
        start: "waveform" or "features".

    Raises:
        SernasError: a library is missing, the networks cannot be exported, or their graph computes
            something else.
        SettingsError: the model does not take samples.
    """
    require_onnx()
    from onnx import save
    from onnx.helper import set_model_props

    about, folds = model.about, model.about.fold_settings
    graph = partial(Graph, model.networks, folds.normalise, folds.normalise_speakers)
    if start == "waveform":
        found = _of_samples(about, graph)
    else:
        pairs = zip(about.streams, about.inputs, strict=True)
        inputs = {stream: torch.zeros(1, *size, FRAMES) for stream, size in pairs}
        found = as_onnx(graph(), inputs, OUTPUT)
    set_model_props(found, _metadata(about, start))
    with atomic(path) as temporary:
        save(found, temporary)
        require_equal(model, temporary)


def _of_samples(about: About, graph: Callable[[SpectrogramLayer], Graph]) -> ModelProto:
    settings, trim_db = _spectrograms_of(about), about.audio["trim_db"]
    samples, whole = torch.zeros(1, FRAMES * settings.hop), "waveform"
    name = whole if trim_db is None else "trimmed"
    found = as_onnx(graph(SpectrogramLayer(settings)), {name: samples}, OUTPUT)
    if trim_db is None:
        return found
    trimming = Trimming(settings.sample_rate, trim_db)
    # by itself, since how much it leaves no exporter could follow through the networks
    return joined(as_onnx(trimming, {whole: samples + 1}, name), found)


def _spectrograms_of(about: About) -> FeatureSettings:
    """How the only stream is made, of spectrograms."""
    [settings, *others] = about.feature_settings
    if others or not isinstance(settings, FeatureSettings):
        raise SettingsError(
            f"{about.name}: expected a model of spectrograms alone to export from the waveform, "
            f"found one of {' and '.join(about.streams)}; export it with --from features"
        )
    return settings


def _metadata(about: About, start: str) -> dict[str, str]:
    """What a user of the file must know, JSON but for words."""
    found = {
        "library": "sernas",
        "sernas_version": version("sernas"),
        "name": about.name,
        "system": about.system,
        "input": start,
        "emotions": json.dumps(about.emotions),
        "features": json.dumps([asdict(settings) for settings in about.feature_settings]),
        "trim_db": json.dumps(about.audio["trim_db"]),
        "least_frames": str(LEAST_FRAMES),
    }
    if start == "waveform":
        s = _spectrograms_of(about)
        found["sample_rate"] = str(s.sample_rate)
        found["least_samples"] = str(max(s.window_length, (LEAST_FRAMES - 1) * s.hop))
    return found
