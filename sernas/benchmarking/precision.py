"""What a step costs in each precision that can be set."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import torch

from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import SYSTEM, PlainStep, SearchStep, Size
from sernas.benchmarking.timing import interleave, table
from sernas.models import build_supernet, build_system
from sernas.search.supernet import Supernet
from sernas.training.devices import allow_tf32

SIZES = (Size(256, 16), Size(4096, 2))


def measure(options: Options, sizes: Sequence[Size] = SIZES) -> pd.DataFrame:
    """Steps of plain training and of joint search; TF32 only where there is CUDA."""
    precisions = ["float32", "bfloat16"]
    if options.device.type == "cuda":
        precisions.insert(1, "tf32")
    tables = []
    for size in sizes:
        steps = {}
        for precision in precisions:
            network = build_system(SYSTEM, n_bins=size.bins)
            supernet = Supernet(build_supernet(SYSTEM, n_bins=size.bins))
            plain = PlainStep(network, size, options.device, precision)
            joint = SearchStep("joint", supernet, size, options.device, precision=precision)
            steps[f"plain, {precision}"] = in_precision(plain, precision)
            steps[f"joint, {precision}"] = in_precision(joint, precision)
        label = f"precision, {size}"
        times = interleave(steps, options.rounds, device=options.device, label=label)
        for kind in ("plain", "joint"):
            tables.append(
                table(
                    "precision",
                    str(size),
                    {name: t for name, t in times.items() if name.startswith(kind)},
                    "ms",
                    f"{kind}, float32",
                    device=options.device,
                    threads=options.threads,
                )
            )
    return pd.concat(tables, ignore_index=True)


def in_precision(step: PlainStep | SearchStep, precision: str):
    """``step``, with the device set as :func:`prepare` does for ``precision``."""

    def call() -> torch.Tensor:
        allow_tf32(precision)
        return step()

    return call
