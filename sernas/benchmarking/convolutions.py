"""What the machine allows: convolutions of a layer's shape beside one plain matrix product."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
import torch
from torch import Tensor

from sernas.benchmarking.options import Options
from sernas.benchmarking.timing import interleave, table
from sernas.operations.folded import FOLDS, Folded, conv2d_folded, conv2d_folding, folded
from sernas.operations.kernels import conv2d_same
from sernas.training.devices import allow_tf32

CASES = {"5x5": (16, (5, 5)), "6x6": (16, (6, 6)), "10x10": (1, (10, 10))}
"""Channels that go in, and kernel: Conv2d_3 of the hand-made network, the merged kernel of all its
candidates, and that of all candidates of the first two layers."""
FOLDED = ", folded"
OUTPUTS = 16
BATCH = 16


def measure(
    options: Options, side: int = 2048, shape: tuple[int, int] | None = None
) -> pd.DataFrame:
    """Arithmetic per second of convolutions forward and backward at batch 16 and 2 s.

    As near as the convolutions are to the matrix product, so little is left to gain but by fewer
    operations: 6x6 takes 36 where 5x5 takes 25. Counted are those of the direct convolution, so
    what is done by rows can exceed the machine's peak, and what is folded stands beside its
    plain form.

    Args:
        shape: rows and frames that Conv2d_3 sees; the first two layers see twice as many rows. By
            default those of 4096 bins on CUDA, in each precision, and of 256 elsewhere.
    """
    cuda = options.device.type == "cuda"
    shape = shape or ((2048 if cuda else 128), 200)
    precisions = ("float32", "tf32", "bfloat16") if cuda else ("float32",)
    return pd.concat(
        [_measured(options, side, shape, precision) for precision in precisions],
        ignore_index=True,
    )


def _measured(options: Options, side: int, shape: tuple[int, int], precision: str) -> pd.DataFrame:
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    a = torch.randn(side, side, device=options.device, dtype=dtype)
    calls, work = {"matmul": lambda: a @ a}, {"matmul": 2 * side**3}
    for name, (inputs, kernel) in CASES.items():
        rows, passes = (2 * shape[0], 2) if inputs == 1 else (shape[0], 3)
        x = torch.randn(BATCH, rows, shape[1], inputs, device=options.device, dtype=dtype)
        for form in ("", FOLDED):
            calls[name + form] = convolution(x.permute(0, 3, 1, 2), kernel, bool(form))
            work[name + form] = passes * 2 * x.numel() * OUTPUTS * kernel[0] * kernel[1]
    allow_tf32(precision)
    label = f"{OUTPUTS} channels, {BATCH}x{shape[0]}x{shape[1]}, {precision}"
    times = interleave(calls, options.rounds, device=options.device, label="convolutions")
    # the time of a billion operations, so that ratios compare like with like
    unit = {name: [t / work[name] * 1e9 for t in seconds] for name, seconds in times.items()}

    def speeds(names: Iterable[str], ratio_to: str) -> pd.DataFrame:
        chosen = {name: unit[name] for name in (ratio_to, *names)}
        kinds = {"inverse": True, "scale": 1}
        return table("convolutions", label, chosen, "GFLOP/s", ratio_to, **kinds, **options.place)

    beside = [speeds([name + FOLDED], name)[1:] for name in CASES]
    return pd.concat([speeds(CASES, "matmul"), *beside])


def convolution(x: Tensor, kernel: tuple[int, int], fold: bool) -> Callable[[], object]:
    """What runs a 'same' convolution of x (B, C, F, T) and its gradients; of x only if C > 1, as
    the first layer's input needs none."""
    first = x.shape[1] == 1
    weight = torch.randn(OUTPUTS, x.shape[1], *kernel, device=x.device, dtype=x.dtype)
    bias = torch.zeros(OUTPUTS, device=x.device, dtype=x.dtype)
    h = folded(x, FOLDS[1]) if fold else Folded(x, 1, x.shape[2])
    leaves = [weight, bias] if first else [weight, bias, h.x]
    for leaf in leaves:
        leaf.requires_grad_()

    def run() -> Tensor:
        if not fold:
            return conv2d_same(h.x, weight, bias)
        if first:
            return conv2d_folding(x, weight, bias, FOLDS[0]).x
        return conv2d_folded(h, weight, bias).x

    gradient = torch.randn_like(run())
    return lambda: torch.autograd.grad(run(), leaves, gradient)
