"""The panels that compare variants at one size: bars of ratios with their quartiles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from sernas.reporting.style import CYCLE

TARGETS = {1.30: "--", 1.20: ":"}
"""What a step of a merged supernet may cost beside the plain step, and the dashes of its line."""

TICKS = (0.8, 1, 1.2, 1.5, 2, 3, 4, 6, 8)
LISTS = {"supernet_step": "transposed", "supernet_step_printed": "printed"}
SEARCHES = {"joint": 0, "sampling": 1, "dropout": 2, "branch": 3, "nni": 5}
"""Each variant's colour of the cycle."""

SPEEDS = {"extraction": "spectrograms, ", "extraction_end_to_end": "files to store, "}
THIN = {"color": "0.35", "linewidth": 0.9}
ERRORS = {"elinewidth": 0.8, "ecolor": "0.25"}
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}  # a number over a line


def draw_steps(axes: Axes, table: pd.DataFrame) -> None:
    """A training step of each search, up from the plain step; logarithmic."""
    rows = table[table["benchmark"].isin(LISTS) & table["variant"].isin(SEARCHES)]
    places, sizes = pd.factorize(rows["size"] + "\n" + rows["benchmark"].map(LISTS))
    rows = rows.assign(place=places)
    shown = [variant for variant in SEARCHES if variant in set(rows["variant"])]
    width = 0.84 / len(shown)
    for i, variant in enumerate(shown):
        found = rows[rows["variant"] == variant]
        places = found["place"] + (i - (len(shown) - 1) / 2) * width
        bars = {"bottom": 1, "color": CYCLE[SEARCHES[variant]], "label": variant}
        axes.bar(
            places, found["ratio"] - 1, 0.9 * width, yerr=spread(found), error_kw=ERRORS, **bars
        )
        for x, row in zip(places, found.itertuples(), strict=True):
            top = max(row.ratio_high, 1)
            write(axes, row.ratio, (x, top), (0, 2), ha="center", va="bottom", bbox=CLEAR)
    for target, dashes in TARGETS.items():
        axes.axhline(target, linestyle=dashes, label=f"target, {target:.2f}", **THIN)
    axes.axhline(1, **THIN)
    axes.set_yscale("log", base=2)
    axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xticks(range(len(sizes)), sizes)
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=False, axis="x")
    axes.margins(x=0.01, y=0.1)
    axes.set_ylabel("time / time of the plain step")
    title = "(a) a training step of the supernet, by sizes and lists of candidates"
    axes.set_title(title, pad=20)
    over = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "borderpad": 0}
    axes.legend(ncols=7, columnspacing=1.4, handlelength=1.6, **over)


def draw_speeds(axes: Axes, table: pd.DataFrame) -> None:
    """Extraction and evaluation, beside the usual way of each."""
    rows = table[table["benchmark"].isin([*SPEEDS, "evaluation"])]
    others = (rows["variant"] != rows["ratio_to"]) & (rows["variant"] != "convolutions")
    rows = rows[others][::-1]  # the first is the uppermost
    scored = rows["benchmark"] == "evaluation"
    labels = (rows["benchmark"].map(SPEEDS) + rows["variant"]).where(~scored, rows["size"])
    places = np.arange(len(rows))
    colours = np.where(scored, CYCLE[2], CYCLE[0])
    axes.barh(places, rows["ratio"], 0.7, xerr=spread(rows), color=colours, error_kw=ERRORS)
    for place, row in zip(places, rows.itertuples(), strict=True):
        write(axes, row.ratio, (row.ratio_high, place), (2, 0), va="center")
    axes.axvline(1, linestyle="--", **THIN)
    axes.set_yticks(places, labels)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.14)
    axes.set_xlabel("speed / librosa's (blue)\nspeed / one utterance at a time (green)")
    axes.set_title("(b) extraction and evaluation")


def spread(rows: pd.DataFrame) -> np.ndarray:
    """(2, N): how far the quartiles lie below and above the median."""
    below, above = rows["ratio"] - rows["ratio_low"], rows["ratio_high"] - rows["ratio"]
    return np.stack([below, above])


def write(axes: Axes, ratio: float, place: tuple, offset: tuple, **style) -> None:
    """A ratio, ``offset`` points from a place."""
    axes.annotate(f"{ratio:.2f}", place, offset, textcoords="offset points", fontsize=7, **style)
