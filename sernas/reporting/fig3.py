"""Fig. 3: training loss of the supernet, and of one candidate that inherits its weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sernas.experiments.experiment import display_name
from sernas.reporting.style import save, styled
from sernas.settings.reporting import FigureSettings

PANELS = {"a": ("loss", "supernet"), "b": ("probe_loss", "one candidate, inherited weights")}
"""Each panel's column of the search history, and its title."""
NONE = "not taken (search.probe: 0)"

DASHES = ["-", (0, (5, 1.5)), (0, (1.5, 1.2))]
"""So that the curves differ without colour too."""


def fig3_data(histories: Mapping[str, Sequence[pd.DataFrame]]) -> pd.DataFrame:
    """The curves, mean over the runs: ``panel, strategy, epoch, loss``.

    Args:
        histories: for each strategy the search history of each run, of which the epochs that
            train the supernet's weights (``stage == "weights"``) are drawn; where they have no
            loss of a candidate (``search.probe: 0``) panel b has no curves.
    """
    curves = []
    for panel, (column, _) in PANELS.items():
        for strategy, folds in histories.items():
            history = pd.concat(folds)
            history = history[history["stage"] == "weights"]
            curve = history.groupby("epoch")[column].mean().dropna().rename("loss").reset_index()
            curves.append(curve.assign(panel=panel, strategy=strategy))
    return pd.concat(curves, ignore_index=True)[["panel", "strategy", "epoch", "loss"]]


def draw_fig3(
    data: pd.DataFrame,
    out_pdf: str | Path,
    out_png: str | Path,
    settings: FigureSettings,
    system: str,
) -> None:
    """Draw the two panels of ``fig3_data`` for ``system`` as in the paper."""
    with styled():
        figure = Figure(figsize=(7.0, 2.9), layout="constrained")
        figure.suptitle(display_name(system))
        panels = figure.subplots(1, 2)
        for axes, (panel, (_, title)) in zip(panels, PANELS.items(), strict=True):
            axes.set_title(f"({panel}) {title}")
            curves = data[data["panel"] == panel].groupby("strategy", sort=False)
            axes.set_xlabel("epoch")
            if not len(curves):
                axes.text(0.5, 0.5, NONE, transform=axes.transAxes, ha="center")
                continue
            for (strategy, curve), dashes in zip(curves, cycle(DASHES), strict=False):
                axes.plot(
                    curve["epoch"],
                    curve["loss"],
                    color=settings.colours.get(strategy),  # else the style's next
                    linestyle=dashes,
                    marker="o" if len(curve) < 15 else "",
                    markersize=3,
                    label=strategy,
                )
            axes.xaxis.set_major_locator(
                MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1)
            )
            axes.legend()
        panels[0].set_ylabel("training loss (cross-entropy)")
        for path in (out_pdf, out_png):
            save(figure, path, settings.dpi)
