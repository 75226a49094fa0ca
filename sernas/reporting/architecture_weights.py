"""How the architecture weights of one system and strategy move while they are trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sernas.reporting.cell_weights import draw_cell_weights, layers_of
from sernas.reporting.style import save, styled
from sernas.settings.reporting import FigureSettings
from sernas.space.cells import are_edges

LEGEND = {
    "loc": "lower center",
    "bbox_to_anchor": (0.5, 1.0),
    "fontsize": 7,
    "title_fontsize": 9,
    "handlelength": 1.2,
    "columnspacing": 1,
}


def weights_data(histories: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The ``entropy/...`` and ``weight/...`` columns by ``epoch`` (the index), mean over folds.

    Of a search with a stage for the architecture weights or for ranking paths, that stage alone,
    begun at epoch 0 by the weights that it starts from; of any other, all epochs.
    """
    started = []
    for history in histories:
        stage = history["stage"] != "weights"
        if stage.any():
            start = history[~stage].tail(1).assign(epoch=0)
            history = pd.concat([start, history[stage]])
        started.append(history)
    columns = [name for name in started[0] if name.startswith(("entropy/", "weight/"))]
    return pd.concat(started).groupby("epoch")[columns].mean()


def draw_weights(
    histories: Sequence[pd.DataFrame],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw the edges of cells as heat maps, and any other layers as curves.

    Args:
        histories: the search history of each fold, of one system and strategy.
        title: what they are of.
    """
    layers = layers_of(histories[0])
    if are_edges(layers):
        draw_cell_weights(histories, title, out_png, settings)
    else:
        draw_curves(weights_data(histories), layers, title, out_png, settings)


def draw_curves(
    data: pd.DataFrame,
    layers: Sequence[str],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw one column a layer: its candidates' softmax weights, and below them their entropy.

    So that layers of different numbers of candidates compare, the weights are multiples of the
    uniform weight, and the entropy is a share of its maximum. Dotted: all candidates alike.

    Args:
        data: see :func:`weights_data`.
    """
    with styled():
        figure = Figure(figsize=(1.0 + 2.1 * len(layers), 4.4), layout="constrained")
        figure.suptitle(title)
        panels = figure.subplots(
            2, len(layers), sharex=True, sharey="row", squeeze=False, height_ratios=[3, 2]
        )
        for layer, (top, bottom) in zip(layers, panels.T, strict=True):
            weights = data.filter(regex=rf"^weight/{layer}/")
            count = weights.shape[1]
            for name, curve in weights.items():
                top.plot(count * curve, label=name.rpartition("/")[2])
            top.legend(title=layer, ncols=-(-count // 2), **LEGEND)
            bottom.plot(data[f"entropy/{layer}"] / np.log(count), color="0.3")
            for axes in (top, bottom):
                axes.axhline(1, color="0.6", linestyle=":", linewidth=1)
            bottom.set_xlabel("epoch")
            bottom.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))
        bottom.set_ylim(bottom=min(bottom.get_ylim()[0], 0.99))  # no zoom into what hardly moves
        panels[0, 0].set_ylabel("weight / uniform weight")
        panels[1, 0].set_ylabel("entropy / maximum")
        save(figure, out_png, settings.dpi)
