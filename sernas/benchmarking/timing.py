"""Times of variants that take turns, and the table of their ratios."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np
import pandas as pd
import torch
from tqdm import trange

WARMUPS = 2  # the first call of a kernel's shape builds it
LEAST = 3  # rounds, whatever the time

COLUMNS = ["benchmark", "size", "variant", "median", "unit", "ratio_to", "ratio"]
COLUMNS += ["ratio_low", "ratio_high", "peak_mib", "device", "threads"]


def interleave(
    calls: Mapping[Hashable, Callable[[], object]],
    rounds: int,
    warmups: Mapping[Hashable, int] | None = None,
    device: torch.device | None = None,
    label: str = "",
    until: float = math.inf,
) -> dict[Hashable, list[float]]:
    """Seconds of each call in each round; what slows the machine for a while slows them all.

    Args:
        calls: the variants; in each round every one is called once, a round's first is last in the
            next.
        warmups: untimed calls that come before, for those that need more than two.
        device: waited for before the clock is read, if it is a GPU.
        label: what is said to be going on.
        until: no round begins after that time, by ``time.perf_counter``, but for the first three.
    """
    logging.info("%s: %s", label, ", ".join(map(str, calls)))
    for name, call in calls.items():
        for _ in range((warmups or {}).get(name, WARMUPS)):
            call()
    names = list(calls)
    times: dict[Hashable, list[float]] = {name: [] for name in names}
    for number in trange(rounds, desc=label, disable=None):
        if number >= LEAST and time.perf_counter() > until:
            break
        first = number % len(names)
        for name in names[first:] + names[:first]:
            started = now(device)
            calls[name]()
            times[name].append(now(device) - started)
    return times


def now(device: torch.device | None) -> float:
    """Seconds, when a GPU has done what it was given."""
    if device is not None and device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def table(
    benchmark: str,
    size: str,
    times: Mapping[str, Sequence[float]],
    unit: str,
    ratio_to: str,
    *,
    device: torch.device,
    threads: int,
    inverse: bool = False,
    scale: float = 1e3,
    peaks: Mapping[str, float | None] | None = None,
) -> pd.DataFrame:
    """A row of ``COLUMNS`` for each variant of ``times``, which :func:`interleave` made.

    ``ratio`` is the median over the rounds of time / time of ``ratio_to`` in the same round,
    ``ratio_low`` and ``ratio_high`` its quartiles.

    Args:
        unit: of the median time times ``scale``: the scale of "ms" is 1e3.
        inverse: speeds in place of times: ``scale`` / time, and the ratios of speeds.
        peaks: MiB of each variant, where they were measured.
    """
    reference = np.asarray(times[ratio_to])
    rows = []
    for variant, seconds in times.items():
        ratios = np.asarray(seconds) / reference
        if inverse:
            ratios = 1 / ratios
        low, ratio, high = np.quantile(ratios, [0.25, 0.5, 0.75])
        median = float(np.median(seconds))
        value = scale / median if inverse else scale * median
        peak = (peaks or {}).get(variant)
        rows.append((benchmark, size, variant, value, unit, ratio_to, ratio, low, high))
        rows[-1] += (np.nan if peak is None else peak, place_of(device), threads)
    return pd.DataFrame(rows, columns=COLUMNS)


def place_of(device: torch.device) -> str:
    """What a table calls a device: "cpu", or the name of a GPU."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
