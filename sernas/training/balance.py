"""What makes classes count alike, however many segments each of them has."""

from __future__ import annotations

from torch import Tensor


def class_weights(labels: Tensor, n_classes: int) -> Tensor:
    """(n,) int64 labels -> (classes,) float32: inverse to a class's frequency, 1 in the mean over
    the labels."""
    counts = labels.bincount(minlength=n_classes)
    return len(labels) / ((counts > 0).sum() * counts.clamp(min=1))
