"""A support vector machine that scikit-learn fits, as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import torch
from sklearn.svm import SVC
from torch import Tensor, nn

from sernas.models.grid import basis_of, chosen

GRID = {"C": (0.1, 1.0, 10.0, 100.0), "gamma": (0.01, 0.1, 1.0)}
"""``gamma`` is divided by the number of values, which are standardised."""


class SupportVectors(nn.Module):
    """(B, K) -> (B, classes): an SVM with an RBF kernel, and a vote over all pairs of classes.

    A score is the number of a class's votes, and a third at most for how sure they are, as the
    ``decision_function`` of scikit-learn's ``SVC`` has it. Classes are balanced.

    What counts as a parameter is what is fitted: intercepts and the coefficients of the support
    vectors. These themselves are training utterances that are kept.
    """

    def __init__(self, features: int, n_classes: int):
        super().__init__()
        self.pairs = list(combinations(range(n_classes), 2))
        self.register_buffer("gamma", torch.zeros(()))
        self.register_buffer("counts", torch.zeros(n_classes, dtype=torch.int64))
        self.register_buffer("vectors", torch.zeros(0, features))
        self.coefficients = nn.Parameter(torch.zeros(n_classes - 1, 0))
        self.intercepts = nn.Parameter(torch.zeros(len(self.pairs)))

    def forward(self, x: Tensor) -> Tensor:
        apart = torch.cdist(x, self.vectors, compute_mode="donot_use_mm_for_euclid_dist")
        counts = self.counts.tolist()
        kernels = torch.exp(-self.gamma * apart**2).split(counts, 1)
        coefficients = self.coefficients.split(counts, 1)  # (classes - 1, n) of each class
        sure, votes = (x.new_zeros(len(x), len(counts)) for _ in range(2))
        for (a, b), intercept in zip(self.pairs, self.intercepts, strict=True):
            for_a = kernels[a] @ coefficients[a][b - 1] + kernels[b] @ coefficients[b][a]
            for_a = for_a + intercept
            sure[:, a] += for_a
            sure[:, b] -= for_a
            votes[:, a] += for_a >= 0
            votes[:, b] += for_a < 0
        return votes + sure / (3 * (sure.abs() + 1))

    def fit(self, x: np.ndarray, y: np.ndarray, speakers: Sequence[str]) -> list[dict]:
        """Fit all of it; see :func:`grid.chosen`, also for what is returned."""
        grid = GRID | {"gamma": tuple(gamma / x.shape[1] for gamma in GRID["gamma"])}
        machine = SVC(class_weight="balanced", break_ties=True)
        best, rows = chosen(machine, grid, x @ basis_of(x), y, speakers)
        sign = -1 if len(self.counts) == 2 else 1  # of two classes scikit-learn turns it
        fitted = {
            "gamma": np.asarray(best.gamma),
            "counts": best.n_support_,
            "vectors": x[best.support_],
            "coefficients": sign * best.dual_coef_,
            "intercepts": sign * best.intercept_,
        }
        self.load_state_dict({name: torch.as_tensor(each) for name, each in fitted.items()})
        return rows

    def _hold(self, number: int) -> None:
        """Have room for so many support vectors."""
        self.vectors = self.vectors.new_zeros(number, self.vectors.shape[1])
        room = self.coefficients.new_zeros(len(self.coefficients), number)
        self.coefficients = nn.Parameter(room)

    def _load_from_state_dict(self, state_dict, prefix, *arguments):
        self._hold(len(state_dict[f"{prefix}vectors"]))  # what only a fit tells
        super()._load_from_state_dict(state_dict, prefix, *arguments)
