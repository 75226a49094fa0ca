"""The weights of the operations on the edges of cells as a search leaves them, as heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from sernas.reporting.cells import NAMES
from sernas.reporting.style import legible_on, save, styled
from sernas.settings.reporting import FigureSettings
from sernas.space.cells import edges_of, kinds_of

LEAST = 1.25  # the colours always reach that multiple: no zoom into what hardly moves


def layers_of(history: pd.DataFrame) -> list[str]:
    """The layers that a search chose the operations of."""
    return [name.removeprefix("entropy/") for name in history if name.startswith("entropy/")]


def candidates_of(history: pd.DataFrame, layer: str) -> list[str]:
    """What a search chose from for a layer."""
    weight = f"weight/{layer}/"
    return [name.removeprefix(weight) for name in history if name.startswith(weight)]


def final_weights(histories: Sequence[pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Each cell's softmax weights after the last epoch, which may be another in each run.

    Returns:
        Multiples of the uniform weight, mean over the runs: an edge a row, named by its layer,
        and an operation a column; NaN where it is none of the edge's candidates.
    """
    last = pd.concat([history.tail(1) for history in histories])
    weights = {}
    for kind in kinds_of(layers_of(last)):
        cell = {}
        for layer in (edge.layer for edge in edges_of(kind)):
            names = candidates_of(last, layer)
            cell[layer] = {
                name: len(names) * last[f"weight/{layer}/{name}"].mean() for name in names
            }
        weights[kind] = pd.DataFrame.from_dict(cell, orient="index")
    return weights


def draw_cell_weights(
    histories: Sequence[pd.DataFrame],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw :func:`final_weights`, a panel a cell: the edges, node by node, and their operations.

    Nodes are called as in :mod:`sernas.reporting.cells`. Colours are by the logarithm, white where
    all candidates are alike, so that twice and half the uniform weight are as far from it.
    """
    weights = final_weights(histories)
    values = [np.clip(cell, 1 / cell.shape[1], cell.shape[1]) for cell in weights.values()]
    most = max(LEAST, *(max(cell.max(axis=None), 1 / cell.min(axis=None)) for cell in values))
    with styled():
        figure = Figure(figsize=(1.2 + 3.6 * len(weights), 5.2), layout="constrained")
        figure.suptitle(title)
        panels = figure.subplots(1, len(weights), sharey=True, squeeze=False)[0]
        for axes, (kind, multiples) in zip(panels, weights.items(), strict=True):
            image = axes.imshow(
                multiples, cmap="PuOr_r", norm=LogNorm(1 / most, most, clip=True), aspect="auto"
            )
            for (row, column), value in np.ndenumerate(multiples):
                if np.isnan(value):
                    continue
                axes.text(
                    column,
                    row,
                    f"{value:.2f}",
                    ha="center",
                    va="center",
                    fontsize=7,
                    color=legible_on(image.to_rgba(value)),
                )
            edges, operations = edges_of(kind), list(multiples)
            axes.set_yticks(
                range(len(edges)), [rf"{NAMES[e.source]} $\to$ {NAMES[e.target]}" for e in edges]
            )
            firsts = [i for i, edge in enumerate(edges) if i and edge.source == 0]
            axes.hlines(np.subtract(firsts, 0.5), -0.5, len(operations) - 0.5, color="0.3", lw=1)
            axes.set_xticks(
                range(len(operations)), operations, rotation=45, ha="right", rotation_mode="anchor"
            )
            axes.set_title(f"{kind} cell")
            axes.grid(False)
            axes.tick_params(length=0)
            axes.spines[:].set_visible(False)
        ticks = np.geomspace(1 / most, most, 5)
        bar = figure.colorbar(
            image,
            ax=panels,
            label="final weight / uniform weight, mean over runs",
            ticks=ticks,
            aspect=40,
        )
        bar.minorticks_off()
        bar.set_ticklabels([f"{tick:.2g}" for tick in ticks])
        bar.outline.set_visible(False)
        panels[0].set_ylabel("edge")
        save(figure, out_png, settings.dpi)
