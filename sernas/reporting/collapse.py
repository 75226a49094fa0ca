"""Whether a search of cells collapsed: skip connections and entropy, epoch by epoch.

With many epochs DARTS comes to choose architectures that are full of skip connections (Liang et al.
2019, "DARTS+: improved differentiable architecture search with early stopping") and perform badly,
though the supernet goes on improving (Zela et al. 2020, "Understanding and robustifying
differentiable architecture search"). It shows as a normal cell, or a deep one, whose skip
connections rise toward all 8 of its edges; the entropy says how decided that is. Until the
architecture weights move all candidates are equal, and the first of the list wins, so that there
are no skip connections.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sernas.reporting.cell_weights import candidates_of
from sernas.reporting.style import CYCLE, save, styled
from sernas.settings.reporting import FigureSettings
from sernas.space.cells import CANDIDATES, KEPT, NODES, WATCHED, edges_of

EDGES = KEPT * len(NODES)  # of a genotype's cell
SIGN = f"Collapse: nearly all {EDGES} edges of the {{}} cell become skip connections"
LIMIT = "a search ends here"
STAGE = "the architecture alone from here on"


def collapse_data(histories: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """``fold, stage, epoch, kind, skips, entropy``: a row for each fold, epoch and kind of cell.

    Args:
        histories: the search history of each run, in order.

    Returns:
        ``epoch`` runs on from a stage to the next. ``skips`` are the skip connections of the
        genotype that would be derived, ``entropy`` is that of the edges' weights, as a share of
        its maximum, mean over the edges.
    """
    rows = []
    for fold, history in enumerate(histories, start=1):
        for kind in kinds_in(history):
            layers = [edge.layer for edge in edges_of(kind)]
            entropies = history[[f"entropy/{layer}" for layer in layers]]
            # exact, whatever the number of candidates: each edge may have its own
            most = mean(math.log(len(candidates_of(history, layer))) for layer in layers)
            rows.append(
                pd.DataFrame(
                    {
                        "fold": fold,
                        "stage": history["stage"],
                        "epoch": range(1, len(history) + 1),
                        "kind": kind,
                        "skips": history[f"skips/{kind}"],
                        "entropy": entropies.mean(axis=1) / most,
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


def kinds_in(history: pd.DataFrame) -> list[str]:
    """The kinds of the cells that were searched."""
    return [kind for kind in CANDIDATES if f"skips/{kind}" in history]


def draw_collapse(
    histories: Sequence[pd.DataFrame],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
    stop_at_skips: int | None,
) -> None:
    """Draw :func:`collapse_data`, a column a kind of cell: skip connections, below them entropy.

    Thin: the runs, with a dot where each ends. Thick: their mean, in which a run that ends before
    others stays as it ended. Grey: where the architecture gets a stage of its own.

    Args:
        histories: the search history of each run, of one system and strategy.
        title: what they are of.
        stop_at_skips: with so many skip connections in such a cell a search ends (dotted).
    """
    data, kinds = collapse_data(histories), kinds_in(histories[0])
    watched = [kind for kind in kinds if kind in WATCHED]
    border = data.loc[data["stage"] != "weights", "epoch"].min() - 0.5  # NaN if none
    with styled():
        figure = Figure(figsize=(0.5 + 3 * max(2, len(kinds)), 4.8), layout="constrained")
        figure.suptitle(title)
        panels = figure.subplots(2, len(kinds), sharex=True, sharey="row", squeeze=False)
        for kind, column in zip(kinds, panels.T, strict=True):
            of_kind = data[data["kind"] == kind]
            column[0].set_title(f"{kind} cell")
            for axes, name in zip(column, ("skips", "entropy"), strict=True):
                draw_folds(axes, of_kind.pivot_table(index="epoch", columns="fold", values=name))
                if not np.isnan(border):
                    axes.axvline(border, color="0.6", linewidth=1, label=STAGE)
            if stop_at_skips is not None and kind in watched:
                column[0].axhline(stop_at_skips, color="black", linestyle=":", label=LIMIT)
            column[1].set_xlabel("epoch")
            column[1].xaxis.set_major_locator(
                MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
            )
        top, bottom = panels[:, 0]
        top.set(ylabel=f"skip connections, of {EDGES}", ylim=(-0.3, EDGES + 0.3))
        top.set_yticks(range(0, EDGES + 1, 2))
        bottom.set_ylabel("entropy / maximum")
        # no zoom into what hardly moves, and all of a line at the maximum
        bottom.set_ylim(min(bottom.get_ylim()[0], 0.99), max(bottom.get_ylim()[1], 1.0005))
        handles, labels = top.get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            ncols=len(labels),
            title=SIGN.format(" or the ".join(watched)),
        )
        save(figure, out_png, settings.dpi)


def draw_folds(axes: Axes, curves: pd.DataFrame) -> None:
    """Draw each fold (a column) by epoch (the index), and their mean."""
    for number, fold in enumerate(curves):
        axes.plot(
            curves[fold].dropna(),
            color=CYCLE[0],
            linewidth=0.8,
            alpha=0.6,
            marker="o",
            markersize=4,
            markevery=[-1],
            label=None if number else "a run",
        )
    axes.plot(curves.ffill().mean(axis=1), color=CYCLE[0], linewidth=2.5, label="mean of the folds")
