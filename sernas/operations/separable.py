"""What several edges have alike, side by side as if they were one.

A separable convolution convolves every channel by itself, and then across channels (1x1). On the
CPU the first is one convolution by channel, and the second one across all, whose kernel is zero
from edge to edge. On CUDA both are one kernel, their product: it multiplies the arithmetic, but
that of matrix units, for which cuDNN has quick code, as it has not for the gradients of kernels by
channel. Exact, all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from sernas.operations.on_cpu import on_cpu
from sernas.operations.source import Source

WIDTH = 64
"""Channels of edges that lie side by side: more multiply the arithmetic, fewer the launches."""


def merges(x: Tensor) -> bool:
    """Whether what can be one convolution of x (B, C, F, T) should be."""
    return x.device.type == "cuda"


def across(x: Tensor, weight: Tensor) -> Tensor:
    """1x1 convolution: (B, C, F, T) -> (B, C', F, T), with a weight (C', C, 1, 1)."""
    # dilation means nothing to a 1x1 kernel, but with it PyTorch takes oneDNN's convolution
    # even where there is one thread, which is up to five times as fast
    return F.conv2d(x, weight, dilation=2 if on_cpu(x) else 1)


def separable(
    source: Source,
    by_channel: Sequence[Tensor],
    by_pixel: Sequence[Tensor],
    stride: int = 1,
    dilation: int = 1,
) -> Tensor:
    """n separable convolutions of ReLU(x): (B, n C, ceil(F / stride), ceil(T / stride)).

    Each takes all of x (B, C, F, T), or, of x (B, n C, F, T), its own part.

    Args:
        by_channel: n of (C, 1, k, k).
        by_pixel: n of (C, C, 1, 1).
    """
    if merges(source.x):
        return _as_one(source, by_channel, by_pixel, stride, dilation)
    convolved = source.dilated if dilation == 2 else source.convolved
    if len(by_channel) == 1:
        return across(convolved(by_channel[0], stride), by_pixel[0])
    h = convolved(torch.cat(tuple(by_channel)), stride)
    return across(h, diagonal(torch.stack(tuple(by_pixel))))


def mixtures(outputs: Sequence[Tensor], weights: Tensor) -> Tensor:
    """n weighted sums of m outputs (B, C, F, T): (B, n C, F, T), as one 1x1 convolution.

    Args:
        weights: (n, m).
    """
    each = torch.eye(outputs[0].shape[1], dtype=weights.dtype, device=weights.device)
    kernel = weights[:, None, :, None] * each[:, None]  # (n, C, m, C)
    return across(torch.cat(list(outputs), 1), kernel.flatten(2)[..., None, None].flatten(0, 1))


def _as_one(
    source: Source,
    by_channel: Sequence[Tensor],
    by_pixel: Sequence[Tensor],
    stride: int,
    dilation: int,
) -> Tensor:
    kernels = torch.stack(tuple(by_pixel)) * torch.stack(tuple(by_channel)).transpose(1, 2)
    shared = source.x.shape[1] == kernels.shape[2]
    kernel = kernels.flatten(0, 1) if shared else diagonal(kernels)
    padding = dilation * (kernel.shape[2] // 2)
    return F.conv2d(source.rectified, kernel, None, stride, padding, dilation)


def diagonal(kernels: Tensor) -> Tensor:
    """(n, C', C, kF, kT) -> (n C', n C, kF, kT): zero but from each C to its own C'."""
    n = len(kernels)
    own = torch.eye(n, dtype=kernels.dtype, device=kernels.device).view(n, 1, n, 1, 1, 1)
    return (kernels.unsqueeze(2) * own).flatten(2, 3).flatten(0, 1)
