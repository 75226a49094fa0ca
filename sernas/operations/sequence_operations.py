"""The operations of a deep cell's edge: along time, from (B, C, 1, T) to (B, C, 1, T).

A sequence is an image of one row, so that cells and batch norm are those of images. As there,
convolutions stand in the order ReLU, convolution, batch norm, and each operation takes its input as
a :class:`Source`, and the weight of its output, if it has one. Which operations there are is ours.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from torch import Tensor, nn

from sernas.operations.norms import NormOf
from sernas.operations.source import Source

if TYPE_CHECKING:
    from sernas.operations.registry import Builder

HEADS = 4  # of self-attention; they share the channels
LONG = 2048  # steps


def steps_of(x: Tensor) -> Tensor:
    """(B, C, 1, T) -> (B, T, C)."""
    return x.squeeze(2).transpose(1, 2)


def image_of(steps: Tensor) -> Tensor:
    """(B, T, C) -> (B, C, 1, T)."""
    return steps.transpose(1, 2).unsqueeze(2)


class Convolution(nn.Module):
    """ReLU, a convolution along time, batch norm: (B, C, 1, T) -> (B, C, 1, T)."""

    def __init__(self, channels: int, norm: NormOf, *, kernel: int, dilation: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(
            channels,
            channels,
            (1, kernel),
            padding=(0, dilation * (kernel // 2)),
            dilation=(1, dilation),
            bias=False,
        )
        self.norm = norm(channels)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return self.norm(self.conv(source.rectified), weight)


class BiGRU(nn.Module):
    """A GRU in each direction, each of half the channels, and batch norm (Cho et al. 2014)."""

    def __init__(self, channels: int, norm: NormOf):
        super().__init__()
        self.gru = nn.GRU(channels, channels // 2, batch_first=True, bidirectional=True)
        self.norm = norm(channels)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        steps, _ = self.gru(steps_of(source.x))
        return self.norm(image_of(steps), weight)


class SelfAttention(nn.Module):
    """Attention of every step to all of its utterance, and batch norm (Vaswani et al. 2017, 3.2.2).

    Positions are not encoded: the embeddings of speech models hold them.
    """

    def __init__(self, channels: int, norm: NormOf):
        super().__init__()
        self.attention = nn.MultiheadAttention(channels, HEADS, batch_first=True)
        self.norm = norm(channels)

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        x = steps_of(source.x)
        # of one tensor three times PyTorch takes a path that, to evaluate, makes all T x T products
        query = x if x.shape[1] <= LONG else x.view_as(x)
        steps, _ = self.attention(query, x, x, need_weights=False)
        return self.norm(image_of(steps), weight)


def along_time(
    operation: Callable[[int, NormOf], nn.Module],
) -> Builder:
    """A builder; there is no stride but 1, since deep cells keep every step."""

    def build(channels: int, stride: int, norm: NormOf) -> nn.Module:
        if stride != 1:
            raise ValueError(f"expected a stride of 1, found {stride}")
        return operation(channels, norm)

    return build


conv_3 = along_time(partial(Convolution, kernel=3))
conv_5 = along_time(partial(Convolution, kernel=5))
# its taps lie two steps apart
dil_conv_3 = along_time(partial(Convolution, kernel=3, dilation=2))
bi_gru = along_time(BiGRU)
self_attention = along_time(SelfAttention)
