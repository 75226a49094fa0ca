"""How two streams become one decision: (B, D) and (B, D') -> (B, classes) scores.

Of Sun et al. 2022 the abstract is public, which names an information supplement module; its formula
is our instantiation, and so are the two simpler fusions that it is compared with.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Concatenation(nn.Module):
    """A dense layer on both vectors side by side: (B, D) and (B, D') -> (B, classes)."""

    def __init__(self, first: int, second: int, n_classes: int):
        super().__init__()
        self.dense = nn.Linear(first + second, n_classes)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return self.dense(torch.cat([a, b], 1))


class MeanOfDecisions(nn.Module):
    """A dense layer a stream; the mean of their class probabilities, as logarithms: (B, D) and
    (B, D') -> (B, classes)."""

    def __init__(self, first: int, second: int, n_classes: int):
        super().__init__()
        self.dense = nn.ModuleList([nn.Linear(first, n_classes), nn.Linear(second, n_classes)])

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        logs = [d(z).log_softmax(1) for d, z in zip(self.dense, (a, b), strict=True)]
        return torch.logaddexp(*logs) - math.log(2)


class Supplement(nn.Module):
    """``z + sigmoid(W [z; z']) * P z'``: one stream, supplemented by what the other knows.

    Args:
        own: values of z, (B, ``own``).
        other: values of z', (B, ``other``).
    """

    def __init__(self, own: int, other: int):
        super().__init__()
        self.gate = nn.Linear(own + other, own, bias=False)
        self.project = nn.Linear(other, own, bias=False)

    def forward(self, z: Tensor, other: Tensor) -> Tensor:
        gate = torch.sigmoid(self.gate(torch.cat([z, other], 1)))
        return z + gate * self.project(other)


class SupplementedConcatenation(nn.Module):
    """Each stream supplemented by the other as it was, then concatenated: (B, D) and (B, D') ->
    (B, classes)."""

    def __init__(self, first: int, second: int, n_classes: int):
        super().__init__()
        self.first = Supplement(first, second)
        self.second = Supplement(second, first)
        self.concatenation = Concatenation(first, second, n_classes)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return self.concatenation(self.first(a, b), self.second(b, a))
