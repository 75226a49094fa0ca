"""Many small networks in one step, against one after the other: five folds by three seeds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product
from typing import Any

import pandas as pd
import torch
from torch.testing import assert_close

from sernas.benchmarking.cases import taken
from sernas.benchmarking.noise_corpus import noise_folds
from sernas.benchmarking.options import Options
from sernas.benchmarking.projection import RATE, protocol_of
from sernas.benchmarking.timing import interleave, table
from sernas.systems.card import SYSTEMS, search_space
from sernas.training.devices import allow_tf32, resolved
from sernas.training.from_scratch import Trained, Training
from sernas.training.together import train_together

SYSTEM = "cnn_rnn_att"
SEEDS = 3
CHANGES = {
    "features": {"f_max": 8000, "n_fft": 1024, "n_mels": 64},
    "training": {"epochs": 2},
}
CLOSE = 0.02  # of losses, whose sums are taken in another order, of an epoch in bfloat16


def measure(
    options: Options, share: float = 1 / 12, changes: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Trainings of 64 bins and batch 16, in segments of all networks a second, with what is between
    steps: reading, scoring, and making the networks.

    Args:
        share: of IEMOCAP's utterances.
        changes: of its protocol, in place of ``CHANGES``.
    """
    cases = {SYSTEM: partial(networks, share, changes or CHANGES, options)}
    return taken("small_networks", cases, options)


def networks(
    share: float, changes: Mapping[str, Any], options: Options, until: float
) -> pd.DataFrame:
    """The rows of both ways, whose losses are first checked to be the same to rounding."""
    settings, device = protocol_of("wu2022", changes), options.device
    optimisation = resolved(settings.optimisation, device)
    allow_tf32(optimisation.precision)
    with noise_folds(settings, share, settings.folds.numbers) as folds:
        common = (settings.training, optimisation, settings.space)
        baseline = search_space(SYSTEM).baseline
        makers = [
            partial(Training, SYSTEM, baseline, fold, *common, seed, device)
            for fold, seed in product(folds, range(SEEDS))
        ]
        calls = {
            "one by one": lambda: [make().train() for make in makers],
            "at once": lambda: train_together(makers, [None] * len(makers), len(makers)),
        }
        check_equal(*(call() for call in calls.values()))
        warm = dict.fromkeys(calls, 0)
        label = f"{len(makers)} x {SYSTEMS[SYSTEM].title}, {settings.features.n_bins} bins, "
        label += f"batch {optimisation.batch_size}, {optimisation.precision}"
        times = interleave(calls, options.rounds, warm, device, label, until)
        segments = SEEDS * sum(len(fold.segments("train")) for fold in folds)
    scale = {"inverse": True, "scale": segments * settings.training.epochs}
    return table("small_networks", label, times, RATE, "one by one", **scale, **options.place)


def check_equal(alone: list[Trained], together: list[Trained]) -> None:
    """Raise AssertionError unless the losses of each network's first epoch agree."""
    losses = (torch.tensor([each.history[0]["loss"] for each in way]) for way in (alone, together))
    assert_close(*losses, rtol=CLOSE, atol=0)
