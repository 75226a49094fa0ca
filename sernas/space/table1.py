"""Table 1 of Wu et al. 2022 as data: the search spaces of CNN_RNN_att and CNN_SeqCap."""

from __future__ import annotations

from sernas.settings.space import SpaceSettings
from sernas.space.choices import Choice, SearchSpace

CONV2D_1 = ("2x8", "2x7", "2x6", "1x9", "1x10", "3x5")
CONV2D_34 = ("5x5", "5x4", "4x5", "4x4", "4x6", "6x4")
WIDTHS = ("32", "48", "64", "80")


def cnn_choices(settings: SpaceSettings) -> tuple[Choice, ...]:
    """The four convolutions that both systems share.

    Table 1 prints one list for Conv2d_1 and Conv2d_2, and the hand-made 8x2 is not on it. Our
    reading gives Conv2d_2 the transposes; ``conv2d_2="printed"`` gives it the list as printed.
    """
    transposed = tuple("x".join(reversed(label.split("x"))) for label in CONV2D_1)
    second = transposed if settings.conv2d_2 == "transposed" else CONV2D_1
    return (
        Choice("conv2d_1", CONV2D_1, "2x8"),
        Choice("conv2d_2", second, "8x2"),
        Choice("conv2d_3", CONV2D_34, "5x5"),
        Choice("conv2d_4", CONV2D_34, "5x5"),
    )


def cnn_rnn_att(settings: SpaceSettings) -> SearchSpace:
    """CNN_RNN_att: the convolutions and the width of the attention layer; 5184 architectures."""
    return SearchSpace((*cnn_choices(settings), Choice("attention", WIDTHS, "64")))


def cnn_seqcap(settings: SpaceSettings) -> SearchSpace:
    """CNN_SeqCap: the convolutions and the width of the first dense layer; 5184 architectures."""
    return SearchSpace((*cnn_choices(settings), Choice("dense", WIDTHS, "64")))
