"""WA, UA, confusion and a bootstrap interval. Everything is a fraction, nothing a percentage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sernas.base.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd


def wa(y_true: Sequence[str], y_pred: Sequence[str]) -> float:
    """Weighted accuracy: the accuracy over all N utterances.

    ``WA = (1/N) sum_n [y_pred_n = y_true_n]``: each class weighs as much as it is frequent.
    """
    from sklearn.metrics import accuracy_score

    return float(accuracy_score(y_true, y_pred))


def ua(y_true: Sequence[str], y_pred: Sequence[str]) -> float:
    """Unweighted accuracy: the mean of the class accuracies (recalls).

    ``UA = (1/C) sum_c (1/N_c) sum_{n: y_true_n = c} [y_pred_n = c]`` over the C classes that
    ``y_true`` holds: each weighs the same.
    """
    from sklearn.metrics import recall_score

    return float(recall_score(y_true, y_pred, labels=np.unique(y_true), average="macro"))


def check_labels(y_true: Sequence[str], y_pred: Sequence[str], emotions: Sequence[str]) -> None:
    """Refuse labels that are no emotions.

    Raises:
        SettingsError: a label is none of ``emotions``.
    """
    unknown = sorted({*y_true, *y_pred} - set(emotions))
    if unknown:
        raise SettingsError(
            f"the predictions hold {', '.join(unknown)}, but the emotions are "
            f"{', '.join(emotions)}; predict again with the emotions of this configuration"
        )


def confusion(y_true: Sequence[str], y_pred: Sequence[str], emotions: Sequence[str]) -> np.ndarray:
    """Counts (C, C): row the true class, column the predicted one, in the order of ``emotions``.

    Raises:
        SettingsError: a label is none of ``emotions``.
    """
    from sklearn.metrics import confusion_matrix

    check_labels(y_true, y_pred, emotions)
    return confusion_matrix(y_true, y_pred, labels=list(emotions))


def resampled_uas(hits: np.ndarray, support: np.ndarray, samples: int, seed: int) -> np.ndarray:
    """The UA of each of ``samples`` draws of N units, with replacement: (samples,).

    A class that a draw lacks is left out of that draw's mean.

    Args:
        hits: what is recognised of each unit, by class: (N, C).
        support: what there is: (N, C).
    """
    n = len(hits)
    drawn = np.random.default_rng(seed).multinomial(n, [1 / n] * n, size=samples)
    there = drawn @ support
    # a class that a draw lacks has no hits either, so it adds nothing to the sum of recalls
    return (drawn @ hits / np.maximum(there, 1)).sum(axis=1) / (there > 0).sum(axis=1)


def bootstrap_ua(
    predictions: pd.DataFrame, samples: int, confidence: float, seed: int
) -> tuple[float, float]:
    """Percentile bootstrap interval of the UA over utterances (Efron 1979).

    The interval is the ``(1 - confidence) / 2`` and ``(1 + confidence) / 2`` quantiles of the UAs
    of ``samples`` draws of as many utterances, with replacement. A class that a draw lacks is left
    out of that draw's mean.

    Args:
        predictions: ``utterance, emotion, predicted``. An utterance that several networks predict
            stands there as often, and is drawn with all of them.
    """
    right = predictions["emotion"] == predictions["predicted"]
    table = predictions.assign(right=right).groupby("utterance")
    shares, truth = table["right"].mean().to_numpy(), table["emotion"].first()
    of_class = (truth.to_numpy(str)[:, None] == np.unique(truth.to_numpy(str))).astype(float)
    uas = resampled_uas(of_class * shares[:, None], of_class, samples, seed)
    low, high = np.quantile(uas, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
