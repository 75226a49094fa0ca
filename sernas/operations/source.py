"""What the edges that leave a node have in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable
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
        self._kept: dict[Hashable, Tensor] = {}

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

    def convolved(self, weight: Tensor, stride: int) -> Tensor:
        """ReLU(x), n times side by side, convolved by channel: (B, n C, ceil(F / stride), ...).

        Args:
            weight: (n C, 1, k, k).
        """
        return depthwise(self._repeated("rectified", weight), weight, stride)

    def dilated(self, weight: Tensor, stride: int) -> Tensor:
        """The same with taps that are two apart."""
        if stride == 2:
            return depthwise(self._repeated("even", weight), weight)
        if tuned_here(self.x):
            return joined(depthwise(self._repeated("phases", weight), weight), *self.x.shape[2:])
        padding, x = 2 * (weight.shape[2] // 2), self._repeated("rectified", weight)
        return F.conv2d(x, weight, None, 1, padding, 2, len(weight))

    def pooled(self, pooling: Pooling, stride: int, norm: nn.Module) -> Tensor:
        """x in windows of 3x3, normalised; norms without a scale of their own are all the same."""
        raw = self._once((pooling, stride, False), lambda: pooling(self.x, 3, stride, 1))
        if norm.affine:
            return norm(raw)
        return self._once((pooling, stride, True), lambda: norm(raw))

    @cached_property
    def _quarters(self) -> tuple[Tensor, ...]:
        return self.phases.chunk(PHASES)

    def _repeated(self, name: str, weight: Tensor) -> Tensor:
        """What is called so, side by side as often as the weight (n C, 1, k, k) has channels."""
        x, n = getattr(self, name), len(weight) // self.x.shape[1]
        return x if n == 1 else self._once((name, n), lambda: _side_by_side(x, n))

    def _once(self, key: Hashable, compute: Callable[[], Tensor]) -> Tensor:
        if key not in self._kept:
            self._kept[key] = compute()
        return self._kept[key]


def _side_by_side(x: Tensor, n: int) -> Tensor:
    """(B, C, F, T) -> (B, n C, F, T), channels last."""
    x = x.permute(0, 2, 3, 1).unsqueeze(3).expand(-1, -1, -1, n, -1)
    return x.flatten(3).permute(0, 3, 1, 2)
