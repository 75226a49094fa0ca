"""An ONNX file run by onnxruntime."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class Session:
    """What an exported file computes, on the CPU.

    Args:
        threads: 0: as many as there are cores.
    """

    def __init__(self, path: Path, threads: int = 0):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors
        self._session = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )

    @property
    def metadata(self) -> dict[str, str]:
        """What the file says of itself."""
        return self._session.get_modelmeta().custom_metadata_map

    def __call__(self, *inputs: np.ndarray) -> np.ndarray:
        """Probabilities (1, classes), of the inputs in the file's order."""
        names = [each.name for each in self._session.get_inputs()]
        return self._session.run(None, dict(zip(names, inputs, strict=True)))[0]
