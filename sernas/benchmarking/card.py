"""What a card is called, and whether a step of every kind runs on it: before what takes long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import torch
from torch.utils.collect_env import get_nvidia_driver_version, run

from sernas.benchmarking.card_steps import Steps, builders_of
from sernas.benchmarking.cases import taken
from sernas.benchmarking.options import Options
from sernas.benchmarking.steps import Size
from sernas.benchmarking.timing import interleave, table
from sernas.systems.card import SYSTEMS

MEASURED = ("cnn_rnn_att", "cnn_seqcap", "darts_cnn_lstm_c4_l1")
SMALL = Size(64, 2, 64)


def measure(
    options: Options, systems: Sequence[str] = MEASURED, size: Size = SMALL
) -> pd.DataFrame:
    """A step of each variant of small networks, a case each; driver and versions for a size."""
    about = versions(options.device)
    cases = {}
    for system in systems:
        for variant, build in builders_of(Steps("float32", size, system), options).items():
            name = f"{SYSTEMS[system].title}, {variant}"
            cases[name] = partial(one, build, name, about, options)
    return taken("card", cases, options)


def one(
    build: Callable[[], Callable], name: str, about: str, options: Options, until: float
) -> pd.DataFrame:
    """The row of one kind of step."""
    times = interleave({name: build()}, 3, device=options.device, label=name, until=until)
    return table("card", about, times, "ms", name, **options.place)


def versions(device: torch.device) -> str:
    """Of PyTorch, and of what a GPU runs by: "torch 2.11.0, CUDA 13.0, driver 580.95"."""
    of_gpu = f", CUDA {torch.version.cuda}, driver {get_nvidia_driver_version(run)}"
    return f"torch {torch.__version__}" + (of_gpu if device.type == "cuda" else "")
