"""'Same' convolutions, and how several kernels come to lie in one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from sernas.operations.by_rows import conv2d_by_rows, pays


def conv2d_same(
    x: Tensor,
    weight: Tensor,
    bias: Tensor,
    stride: tuple[int, int] = (1, 1),
    groups: int = 1,
) -> Tensor:
    """Convolution whose output has ceil(size / stride) rows and columns.

    What cannot be padded evenly goes to the bottom and the right.

    Args:
        x: (B, C, F, T).
        weight: (C', C / groups, kF, kT).
        bias: (C',).

    Returns:
        (B, C', ceil(F / stride), ceil(T / stride)).
    """
    if stride == (1, 1) and groups == 1 and pays(x, weight):
        return conv2d_by_rows(x, weight, bias)
    extra = []
    even = []
    for size, k, s in zip(x.shape[2:], weight.shape[2:], stride, strict=True):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        even.append(total // 2)
        extra.append(total - 2 * (total // 2))
    if any(extra):
        x = F.pad(x, (0, extra[1], 0, extra[0]))
    return F.conv2d(x, weight, bias, stride=stride, padding=tuple(even), groups=groups)


def widen(kernel: Tensor, rows: int, columns: int) -> Tensor:
    """Zeros around a kernel so that its 'same' convolution stays what it was.

    (C', C, kF, kT) -> (C', C, ``rows``, ``columns``). A 'same' convolution reaches (k - 1) // 2 up
    and to the left.
    """
    kf, kt = kernel.shape[2:]
    if (kf, kt) == (rows, columns):
        return kernel
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


def side_by_side(convolutions: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    """The one 'same' convolution whose output is the concatenated outputs of several.

    Args:
        convolutions: kernel (C', C, kF, kT) and bias (C',) of each.

    Returns:
        Kernel (the sum of their C', C, KF, KT) and bias.
    """
    kernels, biases = zip(*convolutions, strict=True)
    shape = joint_shape([kernel.shape[2:] for kernel in kernels])
    return torch.cat([widen(k, *shape) for k in kernels]), torch.cat(biases)
