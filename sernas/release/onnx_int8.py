"""An ONNX file in 8 bits."""

from __future__ import annotations

import logging
from pathlib import Path

from sernas.base.files import atomic


def quantise(path: Path, out: Path) -> None:
    """Write an exported file anew: weights int8, scaled by channel, activations by each input's own
    range (dynamic quantisation). The front end, whose sums need all bits, stays as it is."""
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
                weight_type=QuantType.QInt8,
                per_channel=True,
                nodes_to_exclude=[n.name for n in model.graph.node if _is_of_front_end(n)],
            )
    finally:
        logger.setLevel(before)


def _is_of_front_end(node) -> bool:
    return any("front_end" in each.value for each in node.metadata_props)
