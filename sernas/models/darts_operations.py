"""The operations of an edge (Liu et al. 2019, section 3.1.1), from (B, C, F, T) to (B, C', F', T').

Convolutions stand in the order ReLU, convolution, batch norm. Whatever the operation, F' and T' are
ceil(F / stride) and ceil(T / stride), so that what comes along several edges can be summed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Norm = Callable[[int], nn.Module]
"""Batch norm of a number of channels."""


def batch_norm(supernet: bool) -> Norm:
    """Batch norm as the network needs it.

    In a supernet it has no scale of its own, which would undo that of the architecture weights, and
    no running statistics, since the architecture changes all the time (Liu et al. 2019, appendix
    A.1.1): whatever the mode it normalises by the batch.
    """
    return partial(nn.BatchNorm2d, affine=not supernet, track_running_stats=not supernet)


def relu_conv(inputs: int, outputs: int, norm: Norm) -> nn.Sequential:
    """ReLU, 1x1 convolution, batch norm: C = ``inputs`` to C' = ``outputs``."""
    return nn.Sequential(nn.ReLU(), nn.Conv2d(inputs, outputs, 1, bias=False), norm(outputs))


class FactorisedReduction(nn.Module):
    """Half of the channels from every second position, the other half from those between.

    Where the number of rows or columns is odd, the last position between is one of zeros.
    """

    def __init__(self, inputs: int, outputs: int, norm: Norm):
        super().__init__()
        half = outputs // 2
        self.even = nn.Conv2d(inputs, half, 1, stride=2, bias=False)
        self.odd = nn.Conv2d(inputs, outputs - half, 1, stride=2, bias=False)
        self.norm = norm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, F, T) -> (B, C', ceil(F / 2), ceil(T / 2))."""
        h = F.relu(x)
        shifted = F.pad(h, (-1, 1, -1, 1))
        return self.norm(torch.cat([self.even(h), self.odd(shifted)], 1))


def skip(channels: int, stride: int, norm: Norm) -> nn.Module:
    """The input itself, or at stride 2 what a factorised reduction makes of it."""
    return nn.Identity() if stride == 1 else FactorisedReduction(channels, channels, norm)


def pool(
    channels: int, stride: int, norm: Norm, *, kind: Callable[..., nn.Module]
) -> nn.Sequential:
    """3x3 pooling and batch norm."""
    return nn.Sequential(kind(3, stride, padding=1), norm(channels))


def separable(
    channels: int, stride: int, norm: Norm, *, kernel: int, dilation: int = 1
) -> list[nn.Module]:
    """ReLU, a convolution of each channel by itself, one across channels (1x1), batch norm."""
    depthwise = nn.Conv2d(
        channels,
        channels,
        kernel,
        stride,
        padding=dilation * (kernel // 2),
        dilation=dilation,
        groups=channels,
        bias=False,
    )
    return [nn.ReLU(), depthwise, nn.Conv2d(channels, channels, 1, bias=False), norm(channels)]


def sep_conv(channels: int, stride: int, norm: Norm, *, kernel: int) -> nn.Sequential:
    """A separable convolution, applied twice; the first has the stride."""
    first = separable(channels, stride, norm, kernel=kernel)
    return nn.Sequential(*first, *separable(channels, 1, norm, kernel=kernel))


def dil_conv(channels: int, stride: int, norm: Norm, *, kernel: int) -> nn.Sequential:
    """A separable convolution whose taps lie two positions apart."""
    return nn.Sequential(*separable(channels, stride, norm, kernel=kernel, dilation=2))


OPERATIONS: dict[str, Callable[[int, int, Norm], nn.Module]] = {
    "max_pool_3x3": partial(pool, kind=nn.MaxPool2d),
    "avg_pool_3x3": partial(pool, kind=partial(nn.AvgPool2d, count_include_pad=False)),
    "skip_connect": skip,
    "sep_conv_3x3": partial(sep_conv, kernel=3),
    "sep_conv_5x5": partial(sep_conv, kernel=5),
    "dil_conv_3x3": partial(dil_conv, kernel=3),
    "dil_conv_5x5": partial(dil_conv, kernel=5),
}
"""Builders, which take channels, stride and batch norm. ``none`` is not built: it is nothing."""
