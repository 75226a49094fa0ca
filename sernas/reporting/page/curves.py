"""How the networks of the table were trained, as pictures of each system."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import cycle

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sernas.experiments.experiment import display_name
from sernas.reporting.page.run import Row
from sernas.reporting.page.shown import Shown, svg
from sernas.reporting.style import STYLE

SIZE = (4.6, 3.6)  # inches
LOSSES = {"loss": "training", "validation_loss": "validation"}
MARKERS = "os^Dv"  # of another number than colours, so that no pair of both comes twice
MARKED = 8  # of a curve's epochs, at most


def learning_curves(histories: Mapping[Row, Sequence[pd.DataFrame]]) -> list[Shown]:
    """Two pictures of each system that is trained by epochs: the loss of its rows on training and
    on validation speakers, mean over runs and candidates.

    Args:
        histories: ``candidate, epoch, loss, validation_loss`` of each run's training.
    """
    by_system: dict[str, dict[str, pd.DataFrame]] = {}
    for (system, strategy), runs in histories.items():
        if all("epoch" in run for run in runs):
            means = pd.concat(runs).groupby("epoch")[list(LOSSES)].mean()
            by_system.setdefault(system, {})[strategy] = means
    return [
        _drawn({strategy: means[name] for strategy, means in rows.items()}, system, role)
        for system, rows in by_system.items()
        for name, role in LOSSES.items()
    ]


def _drawn(curves: Mapping[str, pd.Series], system: str, role: str) -> Shown:
    title = f"{display_name(system)}, {role} loss"
    # text stays text; identifiers are the same on each run
    with rc_context({**STYLE, "svg.fonttype": "none", "svg.hashsalt": title}):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        for (strategy, curve), marker in zip(curves.items(), cycle(MARKERS), strict=False):
            often = -(-len(curve) // MARKED)
            axes.plot(curve, marker=marker, markevery=often, markersize=4, label=strategy)
        axes.set(title=title, xlabel="epoch", ylabel="cross-entropy")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        figure.legend(loc="outside lower center", ncols=4)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    ends = ", ".join(f"{name} {curve.iloc[-1]:.2f}" for name, curve in curves.items())
    return Shown(svg(file.getvalue()), title, f"Loss after the last epoch: {ends}.")
