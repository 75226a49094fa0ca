"""How well short and long utterances are recognised, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from sernas.reporting.style import CYCLE, save, styled
from sernas.reporting.ua_of_groups import LABEL, draw_all_and_chance, intervals_of, percent_ua
from sernas.settings.reporting import FigureSettings

SIZE = (5.2, 3.7)  # inches
GROUPS, LEAST = 6, 10  # at most so many, of so many utterances or more


def draw_durations(
    predictions: Sequence[pd.DataFrame],
    emotions: Sequence[str],
    title: str,
    out_png: str | Path,
    settings: FigureSettings,
) -> None:
    """Draw the UA of groups of utterances by how long they last, at the median of each, with a
    bootstrap interval over its utterances; beside them that of all, and chance."""
    pooled = pd.concat(predictions)
    groups = in_groups(pooled)
    with styled():
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        middles = [of.seconds.median() for of in groups]
        axes.vlines(middles, *intervals_of(groups).T, color=CYCLE[0], linewidth=1)
        axes.plot(middles, list(map(percent_ua, groups)), "o-", color=CYCLE[0], markersize=4)
        draw_all_and_chance(axes.axhline, pooled, emotions)
        axes.set_xscale("log")
        axes.set_xticks(middles, [f"{middle:.2g}" for middle in middles])
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set(ylim=(0, 100), ylabel=LABEL)
        axes.set_xlabel(
            f"seconds (medians of groups of {groups[0].utterance.nunique()} utterances)"
        )
        axes.set_title(title)
        figure.legend(loc="outside lower right", ncols=2)
        save(figure, out_png, settings.dpi)


def in_groups(pooled: pd.DataFrame) -> list[pd.DataFrame]:
    """Predictions in groups of equally many utterances, the shortest ones first.

    Args:
        pooled: ``utterance, seconds`` and what else there is, of all runs.
    """
    by_length = pooled.drop_duplicates("utterance").sort_values(["seconds", "utterance"])
    number = min(GROUPS, max(1, len(by_length) // LEAST))
    parts = np.array_split(by_length["utterance"].to_numpy(), number)
    return [pooled[pooled["utterance"].isin(set(part))] for part in parts]
