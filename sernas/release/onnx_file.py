"""A graph written as ONNX."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from sernas.base.errors import SernasError
from sernas.release.onnx_graph import Graph


def require_onnx() -> None:
    """Raise SernasError if a library of the extra is missing."""
    try:
        import onnx  # noqa: F401
        import onnxruntime  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise SernasError(
            f"sernas export: expected the extra onnx, found that {error.name} is not installed; "
            "pip install 'sernas[onnx]'"
        ) from error


@torch.no_grad()
def write_onnx(
    path: Path, graph: Graph, inputs: Mapping[str, Tensor], metadata: Mapping[str, str]
) -> None:
    """Write ``graph`` to a file, with its weights.

    Args:
        inputs: an example of each input by its name; its last dimension may be of any size.
        metadata: kept in the file as its ``metadata_props``.

    Raises:
        SernasError: a network, or a user's operation in it, cannot be exported.
    """
    shapes = tuple({each.dim() - 1: f"{name}_length"} for name, each in inputs.items())
    try:
        with _quietly():
            program = torch.onnx.export(
                graph.eval(),
                tuple(inputs.values()),
                dynamo=True,
                input_names=list(inputs),
                output_names=["probabilities"],
                dynamic_shapes=(shapes,),
                custom_translation_table={torch.ops.aten._cdist_forward.default: _distances},
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        cause = " ".join(str(error.__cause__ or error).split())
        raise SernasError(
            "sernas export: expected networks of which PyTorch can make an ONNX graph, found that "
            f"it cannot ({cause}); write their operations by other functions of torch"
        ) from error
    program.model.metadata_props.update(metadata)
    program.save(path, external_data=False)


def _distances(x, y, p: float, compute_mode: int):
    """(B, K) and (n, K) -> (B, n): Euclidean distances, as ``torch.cdist`` has them."""
    from onnxscript import opset18 as op

    return op.ReduceL2(op.Sub(op.Unsqueeze(x, [1]), y), [2], keepdims=0)


@contextmanager
def _quietly() -> Iterator[None]:
    """What the exporter says of its own workings is for its developers."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
