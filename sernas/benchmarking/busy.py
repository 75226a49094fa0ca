"""How much of the time a device computes: the rest it waits, for launches and for Python."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.profiler import ProfilerActivity, profile

from sernas.benchmarking.timing import WARMUPS, now

STEPS = 3


def busy(step: Callable[[], object], device: torch.device) -> tuple[float, float]:
    """Seconds that a step takes, and those in which the device computes, by PyTorch's profiler.

    On the CPU, where operators run one after the other, those of all operators.
    """
    cuda = device.type == "cuda"
    for _ in range(WARMUPS):
        step()
    began = now(device)
    for _ in range(STEPS):
        step()
    wall = now(device) - began
    with profile(activities=[ProfilerActivity.CUDA if cuda else ProfilerActivity.CPU]) as profiled:
        for _ in range(STEPS):
            step()
        now(device)
    own = "self_device_time_total" if cuda else "self_cpu_time_total"  # microseconds
    computing = sum(getattr(event, own) for event in profiled.key_averages()) / 1e6
    return wall / STEPS, computing / STEPS
