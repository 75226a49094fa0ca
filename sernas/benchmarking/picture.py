"""The benchmarks at a glance: what a search step costs, what is faster, and how steps grow."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sernas.benchmarking.picture_bars import draw_speeds, draw_steps
from sernas.benchmarking.picture_curves import draw_candidates, draw_growth
from sernas.reporting.style import save, styled


def draw_benchmarks(table: pd.DataFrame, out_png: str | Path, dpi: int) -> None:
    """Draw the collected table: a wide panel above, three below."""
    with styled():
        figure = Figure(figsize=(9.0, 6.6), layout="constrained")
        above, below = figure.subfigures(2, 1, height_ratios=[1, 1.05], hspace=0.04)
        draw_steps(above.subplots(), table)
        left, middle, right = below.subplots(1, 3, width_ratios=[1.25, 1, 1])
        draw_speeds(left, table)
        draw_growth(middle, table)
        draw_candidates(right, table)
        save(figure, out_png, dpi)
