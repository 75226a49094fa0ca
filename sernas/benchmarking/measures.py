"""The measurements by name. Light: torch is not imported before one is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from sernas.benchmarking.options import Options

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Measure:
    """``measure`` of a module, which times the variants of one thing and returns their table.

    Attributes:
        module: its dotted name; the result depends on the code of this module.
        arguments: what sets it apart from others of the same module.
    """

    module: str
    arguments: dict = field(default_factory=dict)

    def __call__(self, options: Options, **sizes) -> pd.DataFrame:
        """The table; ``sizes`` in place of the measure's own make it smaller."""
        return import_module(self.module).measure(options, **{**self.arguments, **sizes})


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
}
"""Each gives the rows of the same name in the column ``benchmark``."""
