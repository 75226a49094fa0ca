"""Two operations of your own for the convolutions of Wu et al. 2022, beside the kernels of Table 1.

    plugins: [examples/operation.py]
    space:
      candidates:
        conv2d_3: [5x5, 4x4, dilated_3x3, average_3x3]

A layer that ``space.candidates`` names has those candidates in place of the paper's. What a builder
returns takes a Source, whose x is (B, C, F, T), and the weight of its output; it keeps channels,
and makes ceil(F / stride) rows and ceil(T / stride) columns. :class:`Wrapped` makes that of any
module. These two may stand on the edges of cells as well: ``normal: [none, dilated_3x3, ...]``.
"""

from torch import nn

from sernas.operations.norms import NormOf, Unnormalised
from sernas.operations.registry import OPERATIONS, Operation
from sernas.operations.wrapped import Wrapped


def dilated_3x3(channels: int, stride: int, norm: NormOf) -> nn.Module:
    """A convolution whose taps lie two positions apart, with the norm that the layer wants: batch
    norm on the edge of a cell, none in the networks of Wu et al. 2022."""
    convolution = nn.Conv2d(channels, channels, 3, stride, padding=2, dilation=2)
    return Wrapped(convolution, norm(channels))


def average_3x3(channels: int, stride: int, norm: NormOf) -> nn.Module:
    """The mean over 3x3, in which zeros beyond the edges do not count; nowhere with batch norm."""
    mean = nn.AvgPool2d(3, stride, padding=1, count_include_pad=False)
    return Wrapped(mean, Unnormalised(channels))


OPERATIONS.add(Operation("dilated_3x3", dilated_3x3))
OPERATIONS.add(Operation("average_3x3", average_3x3))
