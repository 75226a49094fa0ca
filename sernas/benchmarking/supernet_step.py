"""What a step of each search costs, beside one of the plain network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import torch
from torch.testing import assert_close

from sernas.benchmarking.branches import branched
from sernas.benchmarking.memory import peaks
from sernas.benchmarking.nni_peer import nni_is_installed, with_nni
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import SYSTEM, PlainStep, SearchStep, Size, warm_up
from sernas.benchmarking.timing import interleave, table
from sernas.models import build_supernet, build_system
from sernas.search.supernet import Supernet
from sernas.settings.space import SpaceSettings

SIZES = (Size(256, 16), Size(512, 16), Size(4096, 2))


def measure(options: Options, conv2d_2: str, sizes: Sequence[Size] = SIZES) -> pd.DataFrame:
    """Steps of plain training, of the three strategies, and of joint search done literally.

    ``branch`` convolves candidate by candidate, ``nni`` does so with NNI's own layer (if it is
    installed); both are checked to compute what ``joint`` does.
    """
    space = SpaceSettings(conv2d_2=conv2d_2)
    name = "supernet_step" if conv2d_2 == "transposed" else "supernet_step_printed"
    builders = {size: variants(size, space, options) for size in sizes}
    warm_up(options.device)
    held = {size: peaks(builders[size], options.device) for size in sizes}  # before any timing
    tables = []
    for size in sizes:
        steps = {variant: build() for variant, build in builders[size].items()}
        check_equal({v: step for v, step in steps.items() if v in ("joint", "branch", "nni")})
        drawn = {"dropout": options.rounds, "sampling": options.rounds}
        times = interleave(steps, options.rounds, drawn, options.device, f"{name}, {size}")
        tables.append(
            table(
                name,
                str(size),
                times,
                "ms",
                "plain",
                peaks=held[size],
                device=options.device,
                threads=options.threads,
            )
        )
    return pd.concat(tables, ignore_index=True)


def variants(
    size: Size,
    space: SpaceSettings,
    options: Options,
    system: str = SYSTEM,
    precision: str = "float32",
) -> dict[str, Callable]:
    """What builds the step of each variant, all from the same weights."""

    def plain() -> PlainStep:
        network = build_system(system, n_bins=size.bins, settings=space)
        return PlainStep(network, size, options.device, precision)

    def search(strategy: str, change: Callable[[Supernet], Supernet] | None = None) -> SearchStep:
        torch.manual_seed(0)
        supernet = Supernet(build_supernet(system, n_bins=size.bins, settings=space))
        supernet = change(supernet) if change else supernet
        return SearchStep(strategy, supernet, size, options.device, options.rounds, precision)

    made = {"plain": plain}
    made |= {strategy: partial(search, strategy) for strategy in ("joint", "dropout", "sampling")}
    made["branch"] = partial(search, "joint", branched)
    if nni_is_installed():
        made["nni"] = partial(search, "joint", with_nni)
    return made


def check_equal(steps: dict[str, SearchStep]) -> None:
    """Raise AssertionError unless the steps' networks give the same scores, to a thousandth of the
    largest."""
    first, *others = (step.scores() for step in steps.values())
    for scores in others:
        assert_close(scores, first, rtol=0, atol=1e-3 * float(first.abs().max()))
