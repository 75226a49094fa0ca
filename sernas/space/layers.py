"""Layers that hold candidate operations and mix them: Eq. (1) of Wu et al. 2022.

A layer with one candidate is the plain layer; nothing else defines one.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.space.mix import Mix


def conv2d_same(
    x: Tensor, weight: Tensor, bias: Tensor, stride: tuple[int, int] = (1, 1)
) -> Tensor:
    """Convolution whose output has ceil(size / stride) rows and columns.

    What cannot be padded evenly goes to the bottom and the right.

    Args:
        x: (B, C, F, T).
        weight: (C', C, kF, kT).
        bias: (C',).
    """
    extra = []
    even = []
    for size, k, s in zip(x.shape[2:], weight.shape[2:], stride, strict=True):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        even.append(total // 2)
        extra.append(total - 2 * (total // 2))
    if any(extra):
        x = F.pad(x, (0, extra[1], 0, extra[0]))
    return F.conv2d(x, weight, bias, stride=stride, padding=tuple(even))


class MixedConv2d(nn.Module):
    """Candidate 'same' convolutions of different kernel sizes, mixed.

    ``sum_i a_i conv(x, W_i) = conv(x, sum_i a_i pad(W_i))``: the mixture is linear in the
    candidates, so one convolution with the merged kernel serves them all. The ReLU comes after the
    mixture and is the caller's, unless ``relu_inside``: then it is part of each operation, and
    each candidate is convolved by itself.

    Every candidate has weights of its own, and one that takes no part in a step gets no gradient.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernels: Sequence[tuple[int, int]],
        relu_inside: bool = False,
    ):
        super().__init__()
        self.weights = nn.ParameterList(
            torch.empty(out_channels, in_channels, *kernel) for kernel in kernels
        )
        self.biases = nn.ParameterList(torch.empty(out_channels) for _ in kernels)
        self.relu_inside = relu_inside

    def merged(self, mix: Mix) -> tuple[Tensor, Tensor]:
        """The kernel (C', C, KF, KT) and bias (C',) that do what the mixture does."""
        if mix.weights is None:
            (i,) = mix.candidates
            return self.weights[i], self.biases[i]
        shapes = [self.weights[i].shape[2:] for i in mix.candidates]
        rows, columns = (max(sizes) for sizes in zip(*shapes, strict=True))
        kernel = bias = 0
        for i, a, (kf, kt) in zip(mix.candidates, mix.weights, shapes, strict=True):
            # a 'same' convolution reaches (k - 1) // 2 to the left and above
            top, left = (rows - 1) // 2 - (kf - 1) // 2, (columns - 1) // 2 - (kt - 1) // 2
            margins = (left, columns - kt - left, top, rows - kf - top)
            kernel = kernel + F.pad(a * self.weights[i], margins)
            bias = bias + a * self.biases[i]
        return kernel, bias

    def branches(self, x: Tensor, mix: Mix) -> Tensor:
        """The mixture literally as Eq. (1) has it: one convolution a candidate."""
        weights = [1.0] if mix.weights is None else mix.weights
        out = 0
        for i, a in zip(mix.candidates, weights, strict=True):
            h = conv2d_same(x, self.weights[i], self.biases[i])
            out = out + a * (F.relu(h) if self.relu_inside else h)
        return out

    def forward(self, x: Tensor, mix: Mix) -> Tensor:
        """(B, C, F, T) -> (B, C', F, T)."""
        return self.branches(x, mix) if self.relu_inside else conv2d_same(x, *self.merged(mix))


class MixedBlocks(nn.Module):
    """Candidate blocks that all end in the class scores; the scores are mixed."""

    def __init__(self, blocks: Sequence[nn.Module]):
        super().__init__()
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: Tensor, mix: Mix) -> Tensor:
        """(B, D) -> (B, classes)."""
        if mix.weights is None:
            (i,) = mix.candidates
            return self.blocks[i](x)
        return sum(a * self.blocks[i](x) for i, a in zip(mix.candidates, mix.weights, strict=True))
