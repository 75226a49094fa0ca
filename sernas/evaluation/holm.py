"""p-values that are corrected for how many there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p: Sequence[float]) -> np.ndarray:
    """Holm's step-down correction (1979): (N,) -> (N,). What is NaN stays so and does not count."""
    from statsmodels.stats.multitest import multipletests

    corrected = np.array(p, dtype=float)
    there = ~np.isnan(corrected)
    if there.any():
        corrected[there] = multipletests(corrected[there], method="holm")[1]
    return corrected
