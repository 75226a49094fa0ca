"""Confusion matrices as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import rcParams
from matplotlib.figure import Figure

from sernas.evaluation.metrics import confusion, ua, wa
from sernas.reporting.names import shown
from sernas.reporting.style import legible_on, save, styled
from sernas.settings.reporting import FigureSettings

WIDTH, HEIGHT = 4.9, 4.0  # inches, of a picture of few and short names
SIDE = 3.2  # of its matrix
FEW = 4
CELL = 0.6  # that each more class adds
LABEL = 0.55  # of a name that there is room for at the left
MOST = 1.9  # of any name
NUMBERS = "\n(# is the place in emotions)"


def draw_confusion(
    predictions: Sequence[pd.DataFrame],
    emotions: Sequence[str],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw counts and row percentages over the test utterances of all folds.

    Rows are the true class, columns the predicted one; a cell's shade is its share of its row, so
    the diagonal shows the class accuracies whose mean is the UA.
    """
    pooled = pd.concat(predictions)
    truth, predicted = pooled["emotion"], pooled["predicted"]
    counts = confusion(truth, predicted, emotions)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with styled():
        names = shown(tuple(emotions), rcParams["xtick.labelsize"], MOST)
        more = CELL * max(len(emotions) - FEW, 0)
        upright = names.widest > 0.9 * (SIDE + more) / len(emotions)  # of the labels below
        figure = Figure(
            figsize=(
                WIDTH + more + max(names.widest - LABEL, 0),
                HEIGHT + more + (names.widest if upright else 0),
            ),
            layout="constrained",
        )
        axes = figure.subplots()
        image = axes.imshow(100 * shares, cmap="Blues", vmin=0, vmax=100)
        axes.hlines(np.arange(1, len(emotions)) - 0.5, -0.5, len(emotions) - 0.5, color="white")
        axes.vlines(np.arange(1, len(emotions)) - 0.5, -0.5, len(emotions) - 0.5, color="white")
        axes.grid(False)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        bar = figure.colorbar(image, shrink=0.8, label="share of the true class (%)")
        bar.outline.set_visible(False)
        for (row, column), count in np.ndenumerate(counts):
            axes.text(
                column,
                row,
                f"{count}\n{100 * shares[row, column]:.1f}%",
                ha="center",
                va="center",
                color=legible_on(image.cmap(shares[row, column])),
            )
        positions = range(len(emotions))
        text = {"family": names.fonts, "parse_math": False}
        axes.set_xticks(positions, names.texts, rotation=90 if upright else 0, **text)
        with_counts = zip(names.texts, counts.sum(axis=1), strict=True)
        axes.set_yticks(positions, [f"{name}\n({n})" for name, n in with_counts], **text)
        axes.set(xlabel="predicted" + NUMBERS * names.numbered, ylabel="true")
        scores = f"WA {100 * wa(truth, predicted):.2f}%   UA {100 * ua(truth, predicted):.2f}%"
        axes.set_title(f"{title}\n{scores}")
        save(figure, out_png, settings.dpi)
