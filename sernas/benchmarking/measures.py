"""The measurements by name. Light: torch is not imported before one is taken."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from sernas.benchmarking.options import Options

if TYPE_CHECKING:
    import pandas as pd
    import torch


@dataclass(frozen=True)
class Measure:
    """``measure`` of a module, which times the variants of one thing and returns their table.

    Attributes:
        module: its dotted name; the result depends on the code of this module.
        arguments: what sets it apart from others of the same module.
        seconds: what it may take on a card; None: it is taken on the CPU.
        rounds: how often each variant is timed, at most.
    """

    module: str
    arguments: dict = field(default_factory=dict)
    seconds: float | None = None
    rounds: int = 9

    def __call__(self, options: Options, **sizes) -> pd.DataFrame:
        """The table; ``sizes`` in place of the measure's own make it smaller."""
        return import_module(self.module).measure(options, **{**self.arguments, **sizes})

    def options(self, device: torch.device, cores: int) -> Options:
        """Those of a process of one thread, from now on."""
        return Options(device, 1, cores, self.rounds, self.seconds or math.inf)


STEPS, EPOCHS = "sernas.benchmarking.card_steps", "sernas.benchmarking.epochs"

MEASURES = {
    "supernet_step": Measure("sernas.benchmarking.supernet_step", {"conv2d_2": "transposed"}),
    "supernet_step_printed": Measure("sernas.benchmarking.supernet_step", {"conv2d_2": "printed"}),
    "cell_step": Measure("sernas.benchmarking.cell_step"),
    "convolutions": Measure("sernas.benchmarking.convolutions"),
    "precision": Measure("sernas.benchmarking.precision"),
    "extraction": Measure("sernas.benchmarking.extraction"),
    "extraction_end_to_end": Measure("sernas.benchmarking.extraction_end_to_end"),
    "segment_reading": Measure("sernas.benchmarking.segment_reading"),
    "checkpoints": Measure("sernas.benchmarking.checkpoints"),
    "evaluation": Measure("sernas.benchmarking.evaluation"),
    "growth_bins": Measure("sernas.benchmarking.growth", {"axis": "bins"}),
    "growth_batch": Measure("sernas.benchmarking.growth", {"axis": "batch"}),
    "growth_seconds": Measure("sernas.benchmarking.growth", {"axis": "seconds"}),
    "growth_candidates": Measure("sernas.benchmarking.growth", {"axis": "candidates"}),
    "card": Measure("sernas.benchmarking.card", seconds=15),
    "steps": Measure(STEPS, {"benchmark": "steps"}, seconds=110, rounds=15),
    "steps_of_cells": Measure(STEPS, {"benchmark": "steps_of_cells"}, seconds=60),
    "epochs_table2": Measure(EPOCHS, {"experiment": "wu2022"}, seconds=95),
    "small_networks": Measure("sernas.benchmarking.small_networks", seconds=40, rounds=3),
    "epochs_table_darts": Measure(EPOCHS, {"experiment": "rajapakshe2023"}, seconds=65),
}
"""Each gives the rows of the same name in the column ``benchmark``. On a card the process of each
takes some 12 seconds more, to begin; all of them 8 minutes."""


def measures_on(device: str) -> list[str]:
    """The names of those that make the table: ``device`` "cuda" has its own."""
    return [name for name, each in MEASURES.items() if (device == "cuda") == bool(each.seconds)]
