"""Inherited against stand-alone figures, a panel a strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sernas.experiments.experiment import display_name, in_paper_order
from sernas.reporting.rank_correlation import ALONE
from sernas.reporting.style import CYCLE, save, styled
from sernas.settings.reporting import FigureSettings

ACROSS = 4  # panels


def draw_rank_correlation(
    inherited: Mapping[tuple[str, str], Sequence[pd.DataFrame]],
    alone: Mapping[str, pd.DataFrame],
    table: pd.DataFrame,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw the mean figures of each architecture, a dot each; strategies by system.

    Args:
        inherited, alone, table: what goes into and comes out of
            :func:`sernas.reporting.rank_correlation.rank_correlations`.
    """
    rows = in_paper_order(inherited)
    of_table = table.set_index(["system", "nas"])
    lines = -(-len(rows) // ACROSS)
    across = min(ACROSS, len(rows))
    with styled():
        figure = Figure(figsize=(0.6 + 2.3 * across, 0.8 + 2.3 * lines), layout="constrained")
        panels = figure.subplots(lines, across, squeeze=False).ravel()
        for axes in panels[len(rows) :]:
            axes.remove()
        for row, axes in zip(rows, panels, strict=False):
            wa = 100 * alone[row[0]].groupby("number")["wa"].mean()
            loss = pd.concat(inherited[row]).groupby("number")["loss"].mean()
            axes.plot(loss, wa[loss.index], "o", color=CYCLE[0], markersize=4, alpha=0.8)
            found = of_table.loc[row]
            interval = f"{found.tau:.2f} [{found.tau_low:.2f}, {found.tau_high:.2f}]"
            axes.set_title(f"{display_name(row[0])}\n{row[1]}\n" rf"$\tau$ {interval}", fontsize=8)
            axes.invert_xaxis()  # better to the right
            axes.xaxis.set_major_locator(MaxNLocator(4))
        ceilings = ", ".join(
            f"{display_name(system)} {of_table.loc[(system, ALONE)].ceiling:.2f}"
            for system in alone
        )
        figure.suptitle(rf"Rank correlation; true ranks would have about $\tau$ = {ceilings}")
        figure.supxlabel("inherited validation loss (falls to the right)", fontsize=9)
        figure.supylabel("validation WA trained alone (%)", fontsize=9)
        save(figure, out_png, settings.dpi)
