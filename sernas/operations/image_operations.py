"""The operations of an edge (Liu et al. 2019, section 3.1.1), from (B, C, F, T) to (B, C', F', T').

Convolutions stand in the order ReLU, convolution, batch norm. Whatever the operation, F' and T' are
ceil(F / stride) and ceil(T / stride), so that what comes along several edges can be summed. Each
takes its input as a :class:`Source`, and the weight of its output, if it has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.operations.norms import NormOf, weighted
from sernas.operations.separable import across, separable
from sernas.operations.source import Pooling, Source


class Pointwise(nn.Conv2d):
    """1x1 convolution: (B, C, F, T) -> (B, C', F, T)."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return across(x, self.weight)


class ReLUConv(nn.Module):
    """ReLU, 1x1 convolution, batch norm: (B, C, F, T) -> (B, C', F, T)."""

    def __init__(self, inputs: int, outputs: int, norm: NormOf):
        super().__init__()
        self.conv = Pointwise(inputs, outputs)
        self.norm = norm(outputs)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return self.norm(self.conv(source.rectified), weight)


class FactorisedReduction(nn.Module):
    """Half of the channels from every second position, the other half from those between.

    Where the number of rows or columns is odd, the last position between is one of zeros.
    """

    def __init__(self, inputs: int, outputs: int, norm: NormOf):
        super().__init__()
        half = outputs // 2
        self.even = Pointwise(inputs, half)
        self.odd = Pointwise(inputs, outputs - half)
        self.norm = norm(outputs)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        """(B, C, F, T) -> (B, C', ceil(F / 2), ceil(T / 2))."""
        return self.norm(torch.cat([self.even(source.even), self.odd(source.odd)], 1), weight)


class Identity(nn.Module):
    """The input itself: (B, C, F, T) -> (B, C, F, T)."""

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return weighted(source.x, weight)


def skip_connect(channels: int, stride: int, norm: NormOf) -> nn.Module:
    """The input itself, or at stride 2 what a factorised reduction makes of it."""
    return Identity() if stride == 1 else FactorisedReduction(channels, channels, norm)


class Pool(nn.Module):
    """3x3 pooling and batch norm: (B, C, F, T) -> (B, C, ceil(F / stride), ...)."""

    def __init__(self, channels: int, stride: int, norm: NormOf, *, pooling: Pooling):
        super().__init__()
        self.pooling, self.stride = pooling, stride
        self.norm = norm(channels)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return weighted(source.pooled(self.pooling, self.stride, self.norm), weight)


class Separable(nn.Module):
    """ReLU, a convolution of each channel by itself, one across channels (1x1), batch norm."""

    def __init__(self, channels: int, stride: int, norm: NormOf, *, kernel: int, dilation: int = 1):
        super().__init__()
        self.depthwise = nn.Conv2d(
            channels,
            channels,
            kernel,
            stride,
            padding=dilation * (kernel // 2),
            dilation=dilation,
            groups=channels,
            bias=False,
        )
        self.pointwise = Pointwise(channels, channels)
        self.norm = norm(channels)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return self.norm(convolved([self], source), weight)


class SepConv(nn.Module):
    """A separable convolution, applied twice; the first has the stride: (B, C, F, T) -> (B, C,
    ceil(F / stride), ceil(T / stride))."""

    def __init__(self, channels: int, stride: int, norm: NormOf, *, kernel: int):
        super().__init__()
        self.first = Separable(channels, stride, norm, kernel=kernel)
        self.second = Separable(channels, 1, norm, kernel=kernel)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return self.second(Source(self.first(source)), weight)


def convolved(separables: Sequence[Separable], source: Source) -> Tensor:
    """What n that differ only in their weights have before their norms: (B, n C, F', T'), of x
    (B, C, F, T), or of x (B, n C, F, T) each of its own part."""
    by_channel = [each.depthwise.weight for each in separables]
    by_pixel = [each.pointwise.weight for each in separables]
    form = separables[0].depthwise
    return separable(source, by_channel, by_pixel, form.stride[0], form.dilation[0])


max_pool_3x3 = partial(Pool, pooling=F.max_pool2d)
avg_pool_3x3 = partial(Pool, pooling=partial(F.avg_pool2d, count_include_pad=False))
sep_conv_3x3 = partial(SepConv, kernel=3)
sep_conv_5x5 = partial(SepConv, kernel=5)
# a separable convolution whose taps lie two positions apart
dil_conv_3x3 = partial(Separable, kernel=3, dilation=2)
dil_conv_5x5 = partial(Separable, kernel=5, dilation=2)
