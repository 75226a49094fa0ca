"""What is seen on pictures of predictions, in words, for who does not see them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sernas.evaluation.metrics import confusion
from sernas.reporting.durations import in_groups
from sernas.reporting.ua_of_groups import percent_ua


def of_confusion(pooled: pd.DataFrame, emotions: Sequence[str]) -> str:
    """The class accuracies, and what is most often taken for what."""
    shares = percent_of_rows(pooled, emotions)
    right = ", ".join(f"{name} {shares[i, i]:.0f}%" for i, name in enumerate(emotions))
    np.fill_diagonal(shares, 0)
    true, taken = np.unravel_index(shares.argmax(), shares.shape)
    if not shares[true, taken]:
        return f"Recognised: {right}. Nothing is confused."
    worst = f"{emotions[true]} taken for {emotions[taken]}, {shares[true, taken]:.0f}%"
    return f"Recognised: {right}. Most often confused: {worst}."


def of_speakers(pooled: pd.DataFrame, emotions: Sequence[str]) -> str:
    """How far apart speakers are."""
    uas = by_speaker(pooled)
    return (
        f"UA of {len(uas)} speakers, from {uas.min():.0f} ({uas.idxmin()}) to {uas.max():.0f} "
        f"({uas.idxmax()}); "
        f"of all {percent_ua(pooled):.0f}, of a guess {100 / len(emotions):.0f}."
    )


def of_durations(pooled: pd.DataFrame, emotions: Sequence[str]) -> str:
    """The UA of short and long utterances."""
    groups = in_groups(pooled)
    uas = ", ".join(f"{percent_ua(of):.0f} at {of['seconds'].median():.2g} s" for of in groups)
    return f"UA by duration: {uas}; of all {percent_ua(pooled):.0f}."


def percent_of_rows(pooled: pd.DataFrame, emotions: Sequence[str]) -> np.ndarray:
    """(C, C): of each true class the share that is taken for each, in percent."""
    counts = confusion(pooled["emotion"], pooled["predicted"], emotions)
    return 100 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def by_speaker(pooled: pd.DataFrame) -> pd.Series:
    """The UA of each, in percent."""
    return pd.Series({speaker: percent_ua(of) for speaker, of in pooled.groupby("speaker")})
