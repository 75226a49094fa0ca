"""An ONNX file run by onnxruntime, and whether it computes what the model does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from sernas.base.errors import SernasError
from sernas.evaluation.inference import score
from sernas.features.moments import Moments
from sernas.release.model import ReleasedModel
from sernas.release.source import Audio, Source

TOLERANCE = {"features": 1e-4, "waveform": 1e-3}
"""Of a probability, by what a file takes. Where frames are summed in another order, a few are
rounded to the other neighbour of half precision, of MFCC one in a hundred."""
SECONDS = (0.5, 3.7, 20.0)
"""What is compared; the graph was made with another length."""
CPU = torch.device("cpu")


class Exported:
    """What the ONNX file of a model computes, on the CPU.

    Attributes:
        model: whose file it is.
        metadata: what the file says of itself.
        rate: of the samples that it takes, in Hz; None: it takes frames.

    Args:
        threads: 0: as many as there are cores.
    """

    def __init__(self, model: ReleasedModel, path: Path, threads: int = 0):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )
        self.model, self.metadata = model, self._session.get_modelmeta().custom_metadata_map
        takes_samples = self.metadata["input"] == "waveform"
        self.rate = int(self.metadata["sample_rate"]) if takes_samples else None

    def __call__(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """(classes,) probabilities, of what :meth:`inputs_of` gives."""
        names = [each.name for each in self._session.get_inputs()]
        return self._session.run(None, dict(zip(names, inputs, strict=True)))[0][0]

    def inputs_of(self, audio: Audio, rate: int | None = None) -> list[np.ndarray]:
        """What it takes of a recording, which is read as those of the corpus were.

        Raises:
            AudioError: the recording cannot be used.
        """
        if self.rate is None:
            return self._inputs_of_frames(self.model.inputs_of(audio, rate))
        silence_db = self.model.about.audio["silence_db"]
        blocks = Source(audio, rate).blocks(self.rate, silence_db, None)  # the file trims
        return [np.concatenate(list(blocks))[None]]

    def noise(self, seconds: float) -> list[np.ndarray]:
        """What it takes of about so many seconds of noise."""
        rng, model = np.random.default_rng(0), self.model
        if self.rate is not None:
            loudness = np.sin(np.linspace(0, 7, round(seconds * self.rate))) / 10
            samples = loudness * rng.standard_normal(len(loudness))
            return self.inputs_of(samples.astype(np.float32), self.rate)
        recording = []
        for settings, of in zip(
            model.about.feature_settings, model.networks[0].statistics, strict=True
        ):
            frames = 1 + settings.frames(seconds) if hasattr(settings, "hop_ms") else 1
            noise = rng.standard_normal((frames, *of.mean.shape))
            recording.append((of.mean + of.std * noise).astype(np.float16))
        return self._inputs_of_frames(recording)

    def by_model(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """(classes,) probabilities that the model itself gives the same recording, whole."""
        model = self.model
        if self.rate is not None:
            recording = model.inputs_of(inputs[0][0], self.rate)
        else:
            recording = [
                np.moveaxis(each[0], -1, 0).reshape(-1, *settings.frame_shape).astype(np.float16)
                for each, settings in zip(inputs, model.about.feature_settings, strict=True)
            ]
        speaker = [Moments.of(frames) for frames in recording]
        scores = [
            score(network.system, model.network_inputs([recording], network, speaker), CPU)
            for network in model.networks
        ]
        return torch.cat(scores).double().softmax(1).mean(0).numpy()

    def _inputs_of_frames(self, recording: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(T, F) or (T, L, D) of each stream as (1, C, F, T) float32."""
        sizes = self.model.about.inputs
        return [
            np.moveaxis(frames.reshape(len(frames), *size), 0, -1)[None].astype(np.float32)
            for frames, size in zip(recording, sizes, strict=True)
        ]


def require_equal(model: ReleasedModel, path: Path) -> None:
    """Raise SernasError if the file's probabilities of noise, of some lengths, are not the model's
    own to :data:`TOLERANCE`."""
    exported = Exported(model, path)
    most = TOLERANCE[exported.metadata["input"]]
    for seconds in SECONDS:
        inputs = exported.noise(seconds)
        apart = np.abs(exported(inputs) - exported.by_model(inputs)).max()
        if not apart <= most:
            raise SernasError(
                f"{model.about.name}: expected an ONNX file whose probabilities are within "
                f"{most:g} of the model's own, found {apart:.2g} between them on {seconds:g} "
                "s of noise; use sernas predict instead"
            )
