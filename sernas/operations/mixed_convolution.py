"""Layers that hold candidate operations and mix them: Eq. (1) of Wu et al. 2022.

A layer with one candidate is the plain layer; nothing else defines one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.operations.by_rows import conv2d_by_rows, pays
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
    if stride == (1, 1) and pays(x, weight):
        return conv2d_by_rows(x, weight, bias)
    extra = []
    even = []
    for size, k, s in zip(x.shape[2:], weight.shape[2:], stride, strict=True):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        even.append(total // 2)
        extra.append(total - 2 * (total // 2))
    if any(extra):
        x = F.pad(x, (0, extra[1], 0, extra[0]))
    return F.conv2d(x, weight, bias, stride=stride, padding=tuple(even))


def widen(kernel: Tensor, rows: int, columns: int) -> Tensor:
    """Zeros around a kernel (C', C, kF, kT) so that the 'same' convolution stays what it was.

    A 'same' convolution reaches (k - 1) // 2 up and to the left.
    """
    kf, kt = kernel.shape[2:]
    top, left = (rows - 1) // 2 - (kf - 1) // 2, (columns - 1) // 2 - (kt - 1) // 2
    return F.pad(kernel, (left, columns - kt - left, top, rows - kf - top))


def joint_shape(shapes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Rows and columns that hold a kernel of each of the shapes."""
    rows, columns = zip(*shapes, strict=True)
    return max(rows), max(columns)


@cache
def placement(
    shapes: tuple[tuple[int, int], ...], candidates: tuple[int, ...], device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """How the taps of n candidates' kernels, S in all, come to lie in the kernel that holds them.

    Args:
        shapes: (kF, kT) of every candidate of the layer, N in all.
        candidates: those that take part.

    Returns:
        zeros and ones: (S, KF * KT), where each tap goes; (S, N), whose it is; and (n, N).
    """
    chosen = [shapes[i] for i in candidates]
    taps = [torch.eye(rows * columns).view(-1, 1, rows, columns) for rows, columns in chosen]
    places = torch.cat([widen(tap, *joint_shape(chosen)).flatten(1) for tap in taps])
    picks = torch.eye(len(shapes))[list(candidates)]
    owners = picks.repeat_interleave(torch.tensor([len(tap) for tap in taps]), 0)
    return places.to(device), owners.to(device), picks.to(device)


def side_by_side(x: Tensor, convolutions: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """The concatenated outputs of 'same' convolutions of one input, as one convolution."""
    kernels, biases = zip(*convolutions, strict=True)
    shape = joint_shape([kernel.shape[2:] for kernel in kernels])
    return conv2d_same(x, torch.cat([widen(k, *shape) for k in kernels]), torch.cat(biases))


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
        self.shapes = tuple(kernels)
        self.relu_inside = relu_inside

    def merged(self, mix: Mix) -> tuple[Tensor, Tensor]:
        """The kernel (C', C, KF, KT) and bias (C',) that do what the mixture does."""
        if mix.weights is None:
            (i,) = mix.candidates
            return self.weights[i], self.biases[i]
        a = mix.weights
        places, owners, picks = placement(self.shapes, mix.candidates, a.device)
        taps = torch.cat([self.weights[i].flatten(2) for i in mix.candidates], 2)  # (C', C, S)
        kernel = taps @ (places.to(a) * (owners.to(a) @ a).unsqueeze(1))
        biases = torch.stack([self.biases[i] for i in mix.candidates], 1)  # (C', n)
        shape = joint_shape([self.shapes[i] for i in mix.candidates])
        return kernel.unflatten(2, shape), biases @ (picks.to(a) @ a)

    def branches(self, x: Tensor, mix: Mix) -> Tensor:
        """The mixture literally as Eq. (1) has it: one convolution a candidate."""
        out = 0
        for i in mix.candidates:
            h = conv2d_same(x, self.weights[i], self.biases[i])
            a = 1.0 if mix.weights is None else mix.weights[i]
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
        return sum(mix.weights[i] * self.blocks[i](x) for i in mix.candidates)
