"""A graph as ONNX has it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from sernas.base.errors import SernasError

if TYPE_CHECKING:
    from onnx import ModelProto


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
def as_onnx(graph: nn.Module, inputs: Mapping[str, Tensor], output: str) -> ModelProto:
    """What ``graph`` computes, with its weights.

    Args:
        graph: its ``forward`` takes ``*inputs``.
        inputs: an example of each input by its name; its last dimension may be of any size.
        output: the name of what it gives.

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
                output_names=[output],
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
    return program.model_proto


def joined(first: ModelProto, second: ModelProto) -> ModelProto:
    """Both, one behind the other: what the first gives the second takes, by the same name."""
    from onnx.compose import add_prefix, merge_models

    [output] = first.graph.output
    renamed = add_prefix(first, "first/", rename_inputs=False)
    return merge_models(renamed, second, [(f"first/{output.name}", output.name)])


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
