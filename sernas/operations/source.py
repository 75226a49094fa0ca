"""What the edges that leave a node have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import torch.nn.functional as F
from torch import Tensor, nn

from sernas.operations.depthwise import depthwise, tuned_here
from sernas.operations.every_other import PHASES, joined, phases

Pooling = Callable[..., Tensor]
"""Takes x, the size, stride and padding of the window."""


class Source:
    """A node's output x, (B, C, F, T), and what is computed of it once for all that read it."""

    def __init__(self, x: Tensor):
        self.x = x
        self._pooled: dict[tuple[Pooling, int, bool], Tensor] = {}

    @cached_property
    def rectified(self) -> Tensor:
        """ReLU(x)."""
        return F.relu(self.x)

    @cached_property
    def phases(self) -> Tensor:
        """Of ReLU(x): (4 B, C, ceil(F / 2), ceil(T / 2)), see :func:`~every_other.phases`."""
        return phases(self.rectified)

    @property
    def even(self) -> Tensor:
        """ReLU(x) at even rows and columns."""
        return self._quarters[0]

    @property
    def odd(self) -> Tensor:
        """ReLU(x) at odd rows and columns, and zeros where such a last one is missing."""
        return self._quarters[-1]

    def dilated(self, weight: Tensor, stride: int) -> Tensor:
        """ReLU(x) convolved by channel; taps are two apart: (B, C, ceil(F / stride), ...)."""
        if stride == 2:
            return depthwise(self.even, weight)
        if tuned_here(self.x):
            return joined(depthwise(self.phases, weight), *self.x.shape[2:])
        padding = 2 * (weight.shape[2] // 2)
        return F.conv2d(self.rectified, weight, None, 1, padding, 2, len(weight))

    def pooled(self, pooling: Pooling, stride: int, norm: nn.Module) -> Tensor:
        """x in windows of 3x3, normalised; norms without a scale of their own are all the same."""
        raw = self._once((pooling, stride, False), lambda: pooling(self.x, 3, stride, 1))
        if norm.affine:
            return norm(raw)
        return self._once((pooling, stride, True), lambda: norm(raw))

    @cached_property
    def _quarters(self) -> tuple[Tensor, ...]:
        return self.phases.chunk(PHASES)

    def _once(self, key: tuple[Pooling, int, bool], compute: Callable[[], Tensor]) -> Tensor:
        if key not in self._pooled:
            self._pooled[key] = compute()
        return self._pooled[key]
