"""What tells a search that works from one that does not, on one picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sernas.experiments.experiment import display_name
from sernas.reporting.agreement import (
    Derived,
    agreement,
    agreement_by_layer,
    chance_of,
    read_derived,
)
from sernas.reporting.moved import has_moved
from sernas.reporting.result_files import read_folds
from sernas.reporting.searches import gradient_to_noise
from sernas.reporting.style import CYCLE, save, styled
from sernas.settings.reporting import FigureSettings
from sernas.space.cells import are_edges

LOSSES = {
    "mixture_loss": "mixture of all candidates",
    "paths_loss": "mean of drawn paths",
    "probe_loss": "one path",
}
RANKED = {"loss": "best, validation", "paths_loss": "a generation, validation"}
RMS = "rms/"
DASHES = ["-", (0, (5, 1.5)), (0, (1.5, 1.2))]
STAGE = "next stage"
LEGEND = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "ncols": 3}


def draw_searches(
    files: Iterable[str | Path],
    pictures: Sequence[str | Path],
    classes: int,
    settings: FigureSettings,
) -> None:
    """Draw each row's searches.

    Args:
        files: of each run the history, a CSV file, and what it derived, a JSON file; both row by
            row.
        pictures: a file a row.
        classes: how many there are.
    """
    histories, found = ([f for f in files if Path(f).suffix == end] for end in (".csv", ".json"))
    derived = read_derived(found)
    for (row, runs), picture in zip(read_folds(histories).items(), pictures, strict=True):
        title = f"{display_name(row[0])}, {row[1]}"
        draw_diagnostics(runs, derived[row], classes, title, picture, settings)


def draw_diagnostics(
    histories: Sequence[pd.DataFrame],
    runs: Sequence[Derived],
    classes: int,
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw losses, each layer's signal, the architecture gradient, and how well runs agree.

    Curves are means over the runs, by epoch throughout all stages, with the runs' range.

    Args:
        histories: that of each run of one system and strategy.
        runs: what the same runs derived.
        classes: the loss of a guess is the logarithm of their number.
        title: what they are of.
    """
    border = stage_border(histories)
    moved = sum(has_moved(history, classes) for history in histories)
    with styled():
        figure = Figure(figsize=(9, 7.2), layout="constrained")
        figure.suptitle(f"{title}: {moved} of {len(histories)} searches have moved")
        (losses, signal), (gradient, agreeing) = figure.subplots(2, 2)
        ranked = [history["stage"] == "evolution" for history in histories]
        for (name, label), dashes in zip(LOSSES.items(), DASHES, strict=True):
            of_runs = zip(histories, ranked, strict=True)
            draw_curve(losses, [h[name].mask(later) for h, later in of_runs], label, dashes)
        for (name, label), dashes in zip(RANKED.items(), DASHES, strict=False):
            of_runs = zip(histories, ranked, strict=True)
            draw_curve(losses, [h[name].where(later) for h, later in of_runs], label, dashes)
        losses.axhline(np.log(classes), color="0.6", linestyle=":", linewidth=1, label="guess")
        losses.set(title="loss with inherited weights, training data", ylabel="cross-entropy")
        layers = [name for name in histories[0] if name.startswith(RMS)]
        styles = cycle([dashes for dashes in DASHES for _ in CYCLE])
        for name, dashes in zip(layers, styles, strict=False):
            label = name.removeprefix(RMS)
            label = f"cell {label}" if label.isdecimal() else label
            draw_curve(signal, [history[name] for history in histories], label, dashes)
        signal.set(title="output of each layer under the mixture", ylabel="rms", yscale="log")
        draw_curve(gradient, list(map(gradient_to_noise, histories)), "searches", "-")
        gradient.axhline(1, color="0.6", linestyle=":", linewidth=1, label="noise alone")
        gradient.set(
            title="gradient of the architecture weights, mean of an epoch",
            ylabel="size / standard error",
            yscale="log",
        )
        for axes in (losses, signal, gradient):
            finish(axes, border, max(map(len, histories)))
        draw_agreement(agreeing, runs, chance_of(histories[0]))
        save(figure, out_png, settings.dpi)


def stage_border(histories: Sequence[pd.DataFrame]) -> float:
    """Where the first stage that trains no operations begins; NaN if none does."""
    starts = [np.flatnonzero(history["stage"] != "weights") for history in histories]
    return min((start[0] + 0.5 for start in starts if len(start)), default=np.nan)


def draw_curve(axes: Axes, of_runs: Sequence[pd.Series], label: str, dashes) -> None:
    """Draw the runs' mean and range by epoch, from 1; nothing if no run has a value."""
    curves = pd.concat([run.reset_index(drop=True) for run in of_runs], axis=1).astype(float)
    curves.index += 1
    curves = curves.dropna(how="all")
    if curves.empty:
        return
    marker = "o" if len(curves) < 15 else ""
    (line,) = axes.plot(
        curves.mean(axis=1), label=label, linestyle=dashes, marker=marker, markersize=3
    )
    axes.fill_between(
        curves.index,
        curves.min(axis=1),
        curves.max(axis=1),
        color=line.get_color(),
        alpha=0.15,
        lw=0,
    )


def finish(axes: Axes, border: float, epochs: int) -> None:
    """Label the epochs, and say where there is nothing to show."""
    if not axes.collections:  # of the ranges
        axes.text(
            *(0.5, 0.6, "there is none"),
            transform=axes.transAxes,
            ha="center",
            backgroundcolor="white",
        )
    if not np.isnan(border):
        axes.axvline(border, color="0.6", linewidth=1, label=STAGE)
    axes.set(xlabel="epoch", xlim=(0.5, epochs + 0.5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**LEGEND)


def draw_agreement(axes: Axes, runs: Sequence[Derived], chance: Mapping[str, float]) -> None:
    """Draw how often pairs of runs agree, a bar a layer, or a node of cells, and what draws do."""
    shares = agreement_by_layer(runs, chance)
    if are_edges(shares.index):
        shares = shares.groupby(lambda edge: edge.rpartition("_")[0], sort=False).mean()
    places = np.arange(len(shares))
    axes.bar(places, shares["observed"].fillna(0), width=0.6, label="runs")
    axes.hlines(
        shares["chance"],
        places - 0.4,
        places + 0.4,
        color="black",
        linestyle=":",
        label="draws of lots",
    )
    kappa = agreement(runs, chance)
    interval = "" if np.isnan(kappa.low) else f" [{kappa.low:.2f}, {kappa.high:.2f}]"
    text = "one run" if len(runs) < 2 else f"kappa {kappa.kappa:.2f}{interval}"
    axes.set(
        title=f"derived architectures: {text}", ylabel="share of pairs that agree", ylim=(0, 1.05)
    )
    axes.set_xticks(places, shares.index, rotation=30, ha="right", rotation_mode="anchor")
    axes.grid(False, axis="x")
    axes.legend(**LEGEND)
