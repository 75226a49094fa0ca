"""How well each test speaker is recognised, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import rcParams
from matplotlib.figure import Figure

from sernas.reporting.names import shown
from sernas.reporting.style import CYCLE, save, styled
from sernas.reporting.ua_of_groups import LABEL, draw_all_and_chance, intervals_of, percent_ua
from sernas.settings.reporting import FigureSettings

WIDTH, HEIGHT = 4.9, 1.3  # inches, of a picture without speakers
ROW = 0.22  # that each adds
MOST = 1.9  # of a name


def draw_speakers(
    predictions: Sequence[pd.DataFrame],
    emotions: Sequence[str],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw the UA of each test speaker over the emotions that he has, the best at the top, with a
    bootstrap interval over his utterances; beside them that of all, and chance."""
    pooled = pd.concat(predictions)
    rows = sorted((percent_ua(of), speaker, of) for speaker, of in pooled.groupby("speaker"))
    uas, intervals = [each for each, _, _ in rows], intervals_of([of for _, _, of in rows])
    with styled():
        names = shown(tuple(speaker for _, speaker, _ in rows), rcParams["ytick.labelsize"], MOST)
        size = (WIDTH + names.widest, HEIGHT + ROW * len(rows))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(rows))
        axes.hlines(places, *intervals.T, color=CYCLE[0], linewidth=1)
        axes.plot(uas, places, "o", color=CYCLE[0], markersize=4)
        draw_all_and_chance(axes.axvline, pooled, emotions)
        counts = [
            f"{name} ({of.utterance.nunique()})"
            for name, (*_, of) in zip(names.texts, rows, strict=True)
        ]
        axes.set_yticks(places, counts, family=names.fonts, parse_math=False)
        axes.set(xlim=(0, 100), ylim=(-0.7, len(rows) - 0.3))
        axes.set(xlabel=LABEL, ylabel="speaker (utterances)")
        axes.set_title(title)
        figure.legend(loc="outside lower right", ncols=2)
        save(figure, out_png, settings.dpi)
