"""Steps of every kind on a card, in each precision: time, memory, and how busy the card is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import NamedTuple

import pandas as pd
import torch
from torch import Tensor
from torch.testing import assert_close

from sernas.benchmarking import cell_step, supernet_step
from sernas.benchmarking.busy import busy
from sernas.benchmarking.cases import taken
from sernas.benchmarking.memory import peaks
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import Size
from sernas.benchmarking.timing import interleave, table
from sernas.settings.space import SpaceSettings
from sernas.space.cells import are_edges
from sernas.systems.card import SYSTEMS, search_space
from sernas.training.devices import allow_tf32
from sernas.training.graphs import launched

VARIANTS = ("plain", "joint", "dropout", "sampling", "branch")
OF_CELLS = ("plain", "joint")
LAUNCHED = ("plain", "dropout")  # also without CUDA graphs
CHECKED = 8  # segments that cells are compared on with one operation an edge, which takes memory


class Measured(NamedTuple):
    """Which steps are: those of every combination. Of the first precision, also how busy it is."""

    systems: Sequence[str]
    sizes: Sequence[Size]
    precisions: Sequence[str]


MEASURED = {
    "steps": Measured(
        ("cnn_rnn_att", "cnn_seqcap"),
        (Size(4096, 16), Size(64, 16)),
        ("bfloat16", "tf32", "float32"),
    ),
    "steps_of_cells": Measured(
        ("darts_cnn_lstm_c8_l1", "darts_cnn_lstm_c4_l1"),
        (Size(128, 64, 128),),
        ("bfloat16", "float32"),
    ),
}


def measure(options: Options, benchmark: str, measured: Measured | None = None) -> pd.DataFrame:
    """The steps of one of ``MEASURED``; ratios are to the plain step.

    Those of the systems of Wu et al. 2022 are of all variants, those of cells plain and joint. What
    they compute, folded and merged on a card, is checked in float32 against one convolution a
    candidate, or one operation an edge, and by CUDA graphs against launch by launch.
    """
    systems, sizes, precisions = measured or MEASURED[benchmark]
    every = [Steps(*each) for each in product(precisions, sizes, systems)]
    cases = {str(each): partial(times, benchmark, each, options) for each in every}
    for each in every[: len(sizes) * len(systems)]:  # of the first precision
        cases[f"{each}, busy"] = partial(kernels, benchmark, each, options)
    return taken(benchmark, cases, options)


class Steps(NamedTuple):
    """Of what steps are; as text "CNN_RNN_att, 64 bins, batch 16, tf32"."""

    precision: str
    size: Size
    system: str

    def __str__(self) -> str:
        return f"{SYSTEMS[self.system].title}, {self.size}, {self.precision}"


def times(benchmark: str, of: Steps, options: Options, until: float) -> pd.DataFrame:
    """A row a variant; ``until``: see :func:`interleave`."""
    precision, size, system = of
    builders = builders_of(of, options)
    held = peaks(builders, options.device)
    steps = {variant: build() for variant, build in builders.items()}
    replayed = [variant for variant in LAUNCHED if variant in builders]
    for variant in replayed:
        steps[f"{variant}, launched"] = by_launches(builders[variant]())
    allow_tf32("float32")
    if "branch" in steps:
        supernet_step.check_equal({v: steps[v] for v in ("joint", "branch")})
    else:
        few = Size(size.bins, min(size.batch, CHECKED), size.frames)
        cell_step.check_equal(system, few, options.device)
    for variant in replayed:
        check_replayed(builders[variant])
    allow_tf32(precision)
    drawn = {name: options.rounds for name in steps if name.startswith(("dropout", "sampling"))}
    seconds = interleave(steps, options.rounds, drawn, options.device, str(of), until)
    return table(benchmark, str(of), seconds, "ms", "plain", peaks=held, **options.place)


def kernels(benchmark: str, of: Steps, options: Options, until: float) -> pd.DataFrame:
    """The time that the device computes in a step; its ratio to the step's is how busy it is."""
    builders = builders_of(of, options)
    allow_tf32(of.precision)
    rows = []
    for variant in OF_CELLS:
        wall, computing = busy(builders[variant](), options.device)
        seconds = {variant: [wall], f"{variant}, computing": [computing]}
        rows.append(table(benchmark, str(of), seconds, "ms", variant, **options.place)[1:])
    return pd.concat(rows)


def builders_of(of: Steps, options: Options) -> dict[str, Callable[[], Callable]]:
    """What builds the step of each variant that is measured of a system."""
    precision, size, system = of
    if are_edges(search_space(system).layers):
        made = cell_step.variants(system, size, options, precision)
        return {variant: made[variant] for variant in OF_CELLS}
    made = supernet_step.variants(size, SpaceSettings(), options, system, precision)
    return {variant: made[variant] for variant in VARIANTS}


def by_launches(step: Callable[[], Tensor]) -> Callable[[], Tensor]:
    """``step``, whose kernels are launched from Python one by one; on the CPU they are anyway."""

    def call() -> Tensor:
        with launched():
            return step()

    return call


def check_replayed(build: Callable[[], Callable[[], Tensor]]) -> None:
    """Raise AssertionError unless losses of successive steps are the same by graphs as launched."""

    def losses(change: Callable[[Callable], Callable]) -> Tensor:
        torch.manual_seed(0)  # of weights and of dropout
        step = change(build())
        return torch.stack([step().detach() for _ in range(4)])  # the second records

    assert_close(losses(lambda step: step), losses(by_launches), rtol=1e-3, atol=1e-5)
