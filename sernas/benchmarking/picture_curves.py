"""The panels of growth: a step's time and memory over its size, both axes logarithmic."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from sernas.reporting.style import CYCLE

GROWN = {"growth_bins": "bins", "growth_batch": "batch", "growth_seconds": "length"}
SMALL = {"loc": "upper left", "fontsize": 7, "handlelength": 2.2, "labelspacing": 0.3}
DOTS = {"marker": "o", "markersize": 3}


def draw_growth(axes: Axes, table: pd.DataFrame) -> None:
    """Time of a step, each axis by itself: multiples of the smallest size."""
    largest = 1.0
    for (name, label), colour in zip(GROWN.items(), CYCLE, strict=False):
        for variant, dashes in (("joint", "-"), ("plain", "--")):
            rows = table[(table["benchmark"] == name) & (table["variant"] == variant)]
            multiples = numbers(rows) / numbers(rows)[0]
            largest = max(largest, multiples[-1])
            text = f"{label}, {variant}"
            axes.plot(multiples, rows["ratio"], dashes, color=colour, label=text, **DOTS)
    axes.plot([1, largest], [1, largest], ":", color="0.35", linewidth=0.9, label="in proportion")
    logarithmic(axes)
    axes.set_xlabel("size / smallest size")
    axes.set_ylabel("time / time at the smallest")
    axes.set_title("(c) larger batches of spectrograms")
    axes.legend(**SMALL)


def draw_candidates(axes: Axes, table: pd.DataFrame) -> None:
    """Time and memory of a joint step over the number of candidates a layer."""
    rows = table[table["benchmark"] == "growth_candidates"]
    rows = rows[rows["ratio_to"] == rows["ratio_to"].iloc[0]]  # not those of branch / merged
    for variant, colour in (("branch", CYCLE[3]), ("merged", CYCLE[0])):
        found = rows[rows["variant"] == variant]
        n = numbers(found)
        for column, unit, dashes in (("median", "ms", "-"), ("peak_mib", "MiB", "--")):
            text = f"{variant}, {unit}"
            axes.plot(n, found[column], dashes, color=colour, label=text, **DOTS)
    logarithmic(axes)
    axes.set_xticks(n, [f"{each:g}" for each in n])
    axes.set_xlabel("candidates a layer")
    axes.set_title("(d) more candidates")
    axes.legend(**SMALL)


def numbers(rows: pd.DataFrame) -> np.ndarray:
    """The number in each size: "128 bins" -> 128.0."""
    return rows["size"].str.extract(r"(\d+)", expand=False).astype(float).to_numpy()


def logarithmic(axes: Axes) -> None:
    """Powers of two on both axes, written out."""
    for scale, axis in ((axes.set_xscale, axes.xaxis), (axes.set_yscale, axes.yaxis)):
        scale("log", base=2)
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())
