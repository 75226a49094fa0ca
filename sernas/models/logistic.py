"""Multinomial logistic regression that scikit-learn fits, as a linear layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from sernas.models.grid import basis_of, chosen

GRID = {"C": (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0)}


class Logistic(nn.Linear):
    """(B, K) -> (B, classes): the softmax of the scores are the regression's probabilities.

    Classes are balanced: an utterance weighs as much as its class is rare.
    """

    def fit(self, x: np.ndarray, y: np.ndarray, speakers: Sequence[str]) -> list[dict]:
        """Fit weights and biases; see :func:`grid.chosen`, also for what is returned."""
        basis = basis_of(x)
        regression = LogisticRegression(class_weight="balanced", tol=1e-6, max_iter=10_000)
        best, rows = chosen(regression, GRID, x @ basis, y, speakers)
        weights, biases = best.coef_ @ basis.T, best.intercept_
        if len(biases) == 1:  # of two classes scikit-learn scores the second alone
            weights, biases = (np.concatenate([-each, each]) / 2 for each in (weights, biases))
        with torch.no_grad():
            self.weight.copy_(torch.from_numpy(weights))
            self.bias.copy_(torch.from_numpy(biases))
        return rows
