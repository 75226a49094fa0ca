"""How well each test speaker is recognised, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import rcParams
from matplotlib.figure import Figure

from sernas.evaluation.metrics import bootstrap_ua, ua
from sernas.reporting.names import shown
from sernas.reporting.style import CYCLE, save, styled
from sernas.settings.reporting import FigureSettings

WIDTH, HEIGHT = 4.9, 1.3  # inches, of a picture without speakers
ROW = 0.22  # that each adds
MOST = 1.9  # of a name
SAMPLES, CONFIDENCE, SEED = 1000, 0.95, 1  # of a speaker's interval


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
    rows = sorted(
        (100 * ua(of.emotion, of.predicted), speaker, of)
        for speaker, of in pooled.groupby("speaker")
    )
    uas = np.array([each for each, _, _ in rows])
    intervals = 100 * np.array([bootstrap_ua(of, SAMPLES, CONFIDENCE, SEED) for _, _, of in rows])
    with styled():
        names = shown(tuple(speaker for _, speaker, _ in rows), rcParams["ytick.labelsize"], MOST)
        size = (WIDTH + names.widest, HEIGHT + ROW * len(rows))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        places = np.arange(len(rows))
        axes.hlines(places, *intervals.T, color=CYCLE[0], linewidth=1)
        axes.plot(uas, places, "o", color=CYCLE[0], markersize=4)
        overall = 100 * ua(pooled.emotion, pooled.predicted)
        axes.axvline(overall, color=CYCLE[5], linewidth=1, label=f"all {overall:.1f}")
        chance = 100 / len(emotions)
        axes.axvline(chance, color="0.5", linestyle=":", linewidth=1, label=f"chance {chance:.1f}")
        counts = [
            f"{name} ({of.utterance.nunique()})"
            for name, (*_, of) in zip(names.texts, rows, strict=True)
        ]
        axes.set_yticks(places, counts, family=names.fonts, parse_math=False)
        axes.set(xlim=(0, 100), ylim=(-0.7, len(rows) - 0.3))
        axes.set(xlabel="UA (%) with 95 % interval over utterances", ylabel="speaker (utterances)")
        axes.set_title(title)
        figure.legend(loc="outside lower right", ncols=2)
        save(figure, out_png, settings.dpi)
