"""The UA of groups of utterances, with what pictures of it have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from sernas.evaluation.metrics import bootstrap_ua, ua
from sernas.reporting.style import CYCLE

SAMPLES, CONFIDENCE, SEED = 1000, 0.95, 1  # of a group's interval
LABEL = "UA (%) with 95 % interval over utterances"


def percent_ua(of: pd.DataFrame) -> float:
    """The UA of some predictions, in percent."""
    return 100 * ua(of.emotion, of.predicted)


def intervals_of(groups: Sequence[pd.DataFrame]) -> np.ndarray:
    """(N, 2): of each group a bootstrap interval over its utterances, in percent."""
    return 100 * np.array([bootstrap_ua(of, SAMPLES, CONFIDENCE, SEED) for of in groups])


def draw_all_and_chance(line: Callable, pooled: pd.DataFrame, emotions: Sequence[str]) -> None:
    """Draw the UA of all predictions, and that of a guess.

    Args:
        line: ``axhline`` or ``axvline`` of the axes.
    """
    overall, chance = percent_ua(pooled), 100 / len(emotions)
    line(overall, color=CYCLE[5], linewidth=1, label=f"all {overall:.1f}")
    line(chance, color="0.5", linestyle=":", linewidth=1, label=f"chance {chance:.1f}")
