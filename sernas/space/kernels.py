"""Kernels of convolutions by their labels: ``"2x8"`` has 2 rows (frequency), 8 columns (time)."""

from __future__ import annotations

import re

LABEL = re.compile(r"([1-9]\d*)x([1-9]\d*)")


def is_kernel(label: str) -> bool:
    """Whether a candidate is a kernel; else it is an operation or a width."""
    return LABEL.fullmatch(label) is not None


def kernel(label: str) -> tuple[int, int]:
    """``"2x8"`` -> (2, 8): rows by columns."""
    rows, columns = label.split("x")
    return int(rows), int(columns)
