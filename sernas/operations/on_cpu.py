"""Whether what is quick on the CPU pays."""

from __future__ import annotations

import torch
from torch import Tensor


def on_cpu(x: Tensor) -> bool:
    """Whether x is computed on a CPU, and here: a graph that is exported to run elsewhere takes
    the plain form, as other devices do."""
    return x.device.type == "cpu" and not torch.compiler.is_exporting()
