"""What a step of searching cells costs, and what it would cost one operation an edge."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import torch
from torch.testing import assert_close

from sernas.benchmarking.edge_by_edge import edge_by_edge
from sernas.benchmarking.memory import peaks
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import PlainStep, SearchStep, Size
from sernas.benchmarking.timing import interleave, table
from sernas.models import build_supernet, build_system
from sernas.search.supernet import Supernet
from sernas.systems.card import search_space

MEASURED = ("darts_cnn_lstm_c4_l1", "darts_cnn_lstm_c8_l1")
SIZE = Size(128, 8, 128)  # of Rajapakshe et al. 2023: MFCCs of 128 x 128


def measure(options: Options, systems: Sequence[str] = MEASURED, size: Size = SIZE) -> pd.DataFrame:
    """Steps of plain training, of all candidates at once, and of one path.

    ``edge_by_edge`` does the second literally, and is checked to compute what ``joint`` does.
    """
    builders = {system: variants(system, size, options) for system in systems}
    builders[systems[0]]["plain"]()()  # what torch sets up at its first step belongs to no variant
    held = {system: peaks(builders[system], options.device) for system in systems}
    tables = []
    for system in systems:
        check_equal(system, size, options.device)
        steps = {variant: build() for variant, build in builders[system].items()}
        drawn, label = {"sampling": options.rounds}, f"{system}, {size}"
        times = interleave(steps, options.rounds, drawn, options.device, f"cell_step, {label}")
        common = options.place | {"peaks": held[system]}
        tables.append(table("cell_step", label, times, "ms", "joint", **common))
    return pd.concat(tables, ignore_index=True)


def variants(
    system: str, size: Size, options: Options, precision: str = "float32"
) -> dict[str, Callable]:
    """What builds the step of each variant."""

    def plain() -> PlainStep:
        architecture = search_space(system).draw(random.Random(0))
        network = build_system(system, n_bins=size.bins, architecture=architecture)
        return PlainStep(network, size, options.device, precision)

    def search(strategy: str, change: Callable[[Supernet], Supernet] | None = None) -> SearchStep:
        supernet = supernet_of(system, size)
        supernet = change(supernet) if change else supernet
        return SearchStep(strategy, supernet, size, options.device, options.rounds, precision)

    return {
        "plain": plain,
        "joint": partial(search, "joint"),
        "sampling": partial(search, "sampling"),
        "edge_by_edge": partial(search, "joint", edge_by_edge),
    }


def supernet_of(system: str, size: Size) -> Supernet:
    """From the same weights each time."""
    torch.manual_seed(0)
    return Supernet(build_supernet(system, n_bins=size.bins))


def check_equal(system: str, size: Size, device: torch.device) -> None:
    """Raise AssertionError unless the scores are the same edge by edge."""
    supernet = supernet_of(system, size).eval()  # no dropout
    networks = supernet, edge_by_edge(copy.deepcopy(supernet))
    scores = [SearchStep("joint", network, size, device).scores() for network in networks]
    assert_close(*scores, rtol=1e-3, atol=1e-4)
