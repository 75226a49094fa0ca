"""How long a released model and its ONNX files take for a recording, on one core."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch

from sernas.benchmarking.timing import interleave
from sernas.release.onnx_run import Exported

SECONDS = (1, 3, 30)
ROUNDS = 9


def timed(exported: Mapping[str, Exported]) -> list[dict[str, Any]]:
    """The median time of a prediction in ms, and what share of the recording's length that is.

    All begin where the files do, at samples or at frames, in memory.

    Args:
        exported: files that take the same, each of one thread, by what rows call them.
    """
    torch.set_num_threads(1)
    [one, *_] = exported.values()
    rows = []
    for seconds in SECONDS:
        inputs = one.noise(seconds)
        calls = {
            name: partial(call, inputs)
            for name, call in {"torch": one.by_model, **exported}.items()
        }
        for name, times in interleave(calls, ROUNDS, label=f"{seconds} s").items():
            median = float(np.median(times))
            rows.append(
                {
                    "seconds": seconds,
                    "run by": name,
                    "ms": round(1000 * median, 1),
                    "real-time factor": float(f"{median / seconds:.2g}"),
                }
            )
    return rows
