"""What the machine allows: convolutions of a layer's shape beside one plain matrix product."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import torch

from sernas.benchmarking.options import Options
from sernas.benchmarking.timing import interleave, table
from sernas.models.cnn import CHANNELS
from sernas.operations.kernels import conv2d_same

KERNELS = {"5x5": (5, 5), "6x6": (6, 6)}
"""Conv2d_3 of the hand-made network, and the merged kernel of all its candidates."""


def measure(
    options: Options, side: int = 2048, shape: tuple[int, int] = (128, 200)
) -> pd.DataFrame:
    """Arithmetic per second of Conv2d_3 forward and backward at batch 16, 256 bins and 2 s.

    As near as the convolutions are to the matrix product, so little is left to gain but by fewer
    operations: 6x6 takes 36 where 5x5 takes 25. Counted are those of the direct convolution, so
    what is done by rows can exceed the machine's peak.
    """
    a = torch.randn(side, side, device=options.device)
    calls, work = {"matmul": lambda: a @ a}, {"matmul": 2 * side**3}
    for name, kernel in KERNELS.items():
        calls[name], work[name] = convolution(kernel, shape, options.device)
    label = f"16 to 16 channels, 16x{shape[0]}x{shape[1]}"
    times = interleave(calls, options.rounds, device=options.device, label="convolutions")
    # the time of a billion operations, so that ratios compare like with like
    unit = {name: [t / work[name] * 1e9 for t in seconds] for name, seconds in times.items()}
    return table(
        "convolutions",
        label,
        unit,
        "GFLOP/s",
        "matmul",
        inverse=True,
        scale=1,
        device=options.device,
        threads=options.threads,
    )


def convolution(
    kernel: tuple[int, int], shape: tuple[int, int], device: torch.device, batch: int = 16
) -> tuple[Callable[[], object], int]:
    """What runs a 'same' convolution and its gradients, and its floating-point operations."""
    inputs, outputs = CHANNELS["conv2d_3"]
    x = torch.randn(batch, inputs, *shape, device=device).to(memory_format=torch.channels_last)
    weight = torch.randn(outputs, inputs, *kernel, device=device, requires_grad=True)
    bias = torch.zeros(outputs, device=device, requires_grad=True)
    gradient = torch.randn(batch, outputs, *shape, device=device)
    gradient = gradient.to(memory_format=torch.channels_last)
    x.requires_grad_()

    def call() -> None:
        torch.autograd.grad(conv2d_same(x, weight, bias), (x, weight, bias), gradient)

    pixels = batch * shape[0] * shape[1]
    return call, 3 * 2 * pixels * inputs * outputs * kernel[0] * kernel[1]
