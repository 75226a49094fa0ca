"""How a step's time and memory grow with the spectrogram, the batch, and the candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import pandas as pd
import torch

from sernas.benchmarking.branches import branched
from sernas.benchmarking.kernels import space_of
from sernas.benchmarking.memory import peaks
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import SYSTEM, PlainStep, SearchStep, Size, warm_up
from sernas.benchmarking.timing import COLUMNS, interleave, table
from sernas.models import build_supernet, build_system
from sernas.models.build import N_EMOTIONS, network_over
from sernas.search.supernet import Supernet
from sernas.settings.space import SpaceSettings

Builders = dict[str, Callable[[], Callable]]


class Axis(NamedTuple):
    """What grows: how a size is written, the sizes, and the spectrograms but for what grows."""

    written: str
    values: tuple[int, ...]
    fixed: Size


AXES = {
    "bins": Axis("{} bins", (128, 256, 512, 1024, 2048, 4096), Size(128, batch=2)),
    "batch": Axis("batch {}", (1, 4, 16, 32), Size(128, batch=1)),
    "seconds": Axis("{} s", (2, 4, 8, 16), Size(128, batch=4)),
    "candidates": Axis("{} candidates", (2, 6, 12, 24), Size(128, batch=8)),
}


def measure(
    options: Options, axis: str, values: Sequence[int] | None = None, fixed: Size | None = None
) -> pd.DataFrame:
    """Steps along one of ``AXES``.

    Each variant's ratios are to its own first size. Where the variants are two ways of doing the
    same, further rows compare these at each size.
    """
    written, default, usual = AXES[axis]
    name, values = f"growth_{axis}", values or default
    sizes = [written.format(n) for n in values]
    builders = {
        (variant, size): build
        for n, size in zip(values, sizes, strict=True)
        for variant, build in at(axis, n, fixed or usual, options.device).items()
    }
    warm_up(options.device)
    held = peaks(builders, options.device)  # before any timing
    steps = {key: build() for key, build in builders.items()}
    times = interleave(steps, options.rounds, device=options.device, label=name)
    common = options.place | {"unit": "ms"}
    tables = []
    for variant in dict.fromkeys(variant for variant, _ in times):
        seconds = {size: times[variant, size] for size in sizes}
        mib = {size: held[variant, size] for size in sizes}
        grown = table(name, variant, seconds, ratio_to=sizes[0], peaks=mib, **common)
        tables.append(grown.rename(columns={"size": "variant", "variant": "size"})[COLUMNS])
    for size in sizes if axis == "candidates" else ():
        seconds = {variant: times[variant, size] for variant in ("merged", "branch")}
        mib = {variant: held[variant, size] for variant in seconds}
        tables.append(table(name, size, seconds, ratio_to="merged", peaks=mib, **common)[1:])
    return pd.concat(tables, ignore_index=True)


def at(axis: str, n: int, fixed: Size, device: torch.device) -> Builders:
    """What is compared at ``n``."""
    if axis == "candidates":
        return of_candidates(n, fixed, device)
    grown = {"bins": {"bins": n}, "batch": {"batch": n}, "seconds": {"frames": 100 * n}}
    return of_size(replace(fixed, **grown[axis]), device)


def of_size(size: Size, device: torch.device) -> Builders:
    """Plain training and joint search."""

    def plain() -> PlainStep:
        return PlainStep(build_system(SYSTEM, n_bins=size.bins), size, device)

    def joint() -> SearchStep:
        supernet = Supernet(build_supernet(SYSTEM, n_bins=size.bins))
        return SearchStep("joint", supernet, size, device)

    return {"plain": plain, "joint": joint}


def of_candidates(n: int, size: Size, device: torch.device) -> Builders:
    """Joint search among ``n`` kernels a layer, merged and branch by branch."""

    def step(change: Callable[[Supernet], Supernet]) -> SearchStep:
        torch.manual_seed(0)
        inputs = ((1, size.bins),)
        system = network_over(SYSTEM, space_of(n), inputs, N_EMOTIONS, SpaceSettings())
        return SearchStep("joint", change(Supernet(system)), size, device)

    return {"merged": partial(step, lambda supernet: supernet), "branch": partial(step, branched)}
