"""An ONNX file whose matrix products have 8 bits."""

from __future__ import annotations

import logging
from pathlib import Path

from sernas.base.files import atomic


def quantise(path: Path, out: Path) -> None:
    """Write an exported file anew by dynamic quantisation: weights int8, what they are multiplied
    by scaled to 8 bits as it comes.

    Convolutions stay as they are, for onnxruntime's of 8 bits take four to five times as long, and
    so do GRUs, which it has none of, and the front end, whose logarithms show every bit.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(path)
    logger = logging.getLogger()
    before = logger.level
    logger.setLevel(logging.ERROR)  # it advises what an export has done
    try:
        with atomic(out) as temporary:
            quantize_dynamic(
                model,
                temporary,
                op_types_to_quantize=["MatMul", "LSTM"],  # the first stands for Gemm too
                weight_type=QuantType.QInt8,
                nodes_to_exclude=[n.name for n in model.graph.node if _is_of_front_end(n)],
            )
    finally:
        logger.setLevel(before)


def _is_of_front_end(node) -> bool:
    return any("front_end" in each.value for each in node.metadata_props)
