"""Hyper-parameters of a classifier, chosen by inner folds of the training speakers."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV, GroupKFold

FOLDS = 5  # or as many as there are speakers


def basis_of(x: np.ndarray) -> np.ndarray:
    """(K, M) of orthonormal columns in which utterances (N, K) have M = min(N, K) coordinates.

    What depends on their products alone, as a kernel, or as weights of the least norm, is the same
    in these, and takes less time where K is large.
    """
    return np.linalg.qr(x.T).Q


def chosen(
    estimator: BaseEstimator,
    grid: Mapping[str, Sequence[float]],
    x: np.ndarray,
    y: np.ndarray,
    speakers: Sequence[str],
) -> tuple[BaseEstimator, list[dict[str, Any]]]:
    """``estimator``, fitted to all utterances by the hyper-parameters of ``grid`` with the best
    mean UA over inner folds of the speakers; of equals the first.

    An inner fold counts if its other speakers have every emotion. Where none does, as with a single
    speaker, the middle of the grid is taken.

    Args:
        x: (N, K) of the utterances.
        y: (N,) labels.
        speakers: of each utterance.

    Returns:
        The fitted estimator, and a row for each point of the grid that was tried: its values, and
        mean and standard deviation over the inner folds, ``inner_ua`` and ``inner_ua_std``.
    """
    folds = []
    if (number := min(FOLDS, len(set(speakers)))) > 1:
        cuts = GroupKFold(number).split(x, y, speakers)
        folds = [fold for fold in cuts if set(y[fold[0]]) == set(y)]
    if not folds:
        middle = {name: values[len(values) // 2] for name, values in grid.items()}
        logging.warning("too few training speakers for inner folds: %s is taken", middle)
        best = estimator.set_params(**middle).fit(x, y)
        return best, [middle | {"inner_ua": math.nan, "inner_ua_std": math.nan}]
    search = GridSearchCV(estimator, grid, scoring="balanced_accuracy", cv=folds)
    with warnings.catch_warnings():
        # those who are left out may lack an emotion
        warnings.filterwarnings("ignore", module="sklearn.metrics")
        search.fit(x, y)
    found = search.cv_results_
    of_points = (found[f"{each}_test_score"].tolist() for each in ("mean", "std"))
    rows = [
        {**point, "inner_ua": mean, "inner_ua_std": std}
        for point, mean, std in zip(found["params"], *of_points, strict=True)
    ]
    logging.info("inner folds: UA %.2f %% with %s", 100 * search.best_score_, search.best_params_)
    return search.best_estimator_, rows
