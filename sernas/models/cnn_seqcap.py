"""CNN_SeqCap of Wu et al. 2022 (after Wu et al. 2019): sequential capsules over windows.

The primary capsule layer is not described in the paper; ours is the reading that the published
parameter counts allow: 8 convolutional layers of 8 channels, 5x5 with stride (4, 2), on a window of
10 CNN steps. A capsule's 8 values come from the 8 layers at one channel and position.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.models.capsules import lengths_of, route, squash, xavier_transforms_
from sernas.models.cnn import CNN
from sernas.models.drawn_by_name import generator_of
from sernas.models.stacked import Stacked
from sernas.models.system import initialise
from sernas.operations.kernels import conv2d_same
from sernas.operations.mixed_layer import MixedBlocks
from sernas.space.mix import Mixing

WINDOW, SHIFT = 10, 5  # CNN steps: 40 input frames with a shift of 20
LAYERS, CHANNELS, STRIDE = 8, 8, (4, 2)
WINDOW_CAPSULES, WINDOW_SIZE = 8, 8
UTTERANCE_SIZE = 16


def window_counts(lengths: Tensor) -> Tensor:
    """(B,) -> (B,): windows in sequences of so many steps; one in those shorter than a window."""
    return (lengths - WINDOW).clamp(min=0) // SHIFT + 1


def windows_of(pieces: Sequence[Tensor]) -> Iterator[Tensor]:
    """The windows of a sequence of pieces (1, n, D), at least one window long: (W, D, 10) each."""
    rest = pieces[0][:, :0]
    for piece in pieces:
        rest = torch.cat([rest, piece], 1)
        if rest.shape[1] >= WINDOW:
            windows = rest.unfold(1, WINDOW, SHIFT)[0]
            yield windows
            rest = rest[:, SHIFT * len(windows) :]


class WindowCapsules(nn.Module):
    """(W, D, 10) windows of the CNN's output -> (W, 8, 8) window capsules."""

    def __init__(self, channels: int, rows: int):
        super().__init__()
        self.channels = channels
        self.weight = nn.Parameter(torch.empty(LAYERS * CHANNELS, channels, 5, 5))
        self.weight_bias = nn.Parameter(torch.empty(LAYERS * CHANNELS))
        capsules = CHANNELS * -(-rows // STRIDE[0]) * -(-WINDOW // STRIDE[1])
        self.transforms = nn.Parameter(torch.empty(capsules, LAYERS, WINDOW_CAPSULES * WINDOW_SIZE))
        self.bias = nn.Parameter(torch.empty(WINDOW_CAPSULES * WINDOW_SIZE))

    def forward(self, windows: Tensor) -> Tensor:
        maps = windows.unflatten(1, (self.channels, -1))
        h = conv2d_same(maps, self.weight, self.weight_bias, STRIDE)
        capsules = squash(h.unflatten(1, (LAYERS, CHANNELS)).flatten(2).transpose(1, 2))
        votes = torch.matmul(capsules.transpose(0, 1), self.transforms).transpose(0, 1)
        shape = (WINDOW_CAPSULES, WINDOW_SIZE)
        return route(votes.unflatten(2, shape), self.bias.view(shape))


class UtteranceCapsules(nn.Module):
    """(B, W, 72) window vectors -> (B, classes, 16); the transforms are shared by the windows.

    Args:
        mean: whether the votes of the windows are averaged, or summed.
    """

    def __init__(self, inputs: int, n_classes: int, mean: bool):
        super().__init__()
        self.shape, self.mean = (n_classes, UTTERANCE_SIZE), mean
        self.transform = nn.Parameter(torch.empty(inputs, n_classes * UTTERANCE_SIZE))
        self.bias = nn.Parameter(torch.empty(n_classes * UTTERANCE_SIZE))

    def forward(self, windows: Tensor, counts: Tensor | None = None) -> Tensor:
        """``counts``: (B,) how many windows are real, the others being zero; None: all are."""
        votes = (windows @ self.transform).unflatten(2, self.shape)
        over = None
        if self.mean:
            whole = windows.new_full(windows.shape[:1], windows.shape[1])
            over = whole if counts is None else counts.to(windows)
        return route(votes, self.bias.view(self.shape), over)


def with_lengths(capsules: Tensor) -> Tensor:
    """(B, J, D) capsules -> (B, J * D + J): one vector, the capsules' lengths appended."""
    return torch.cat([capsules.flatten(1), lengths_of(capsules)], 1)


class CNNSeqCap(Stacked):
    """CNN, window capsules, utterance capsules, two dense layers whose width is searched."""

    def __init__(self, space, inputs, n_classes, settings):
        ((_, n_bins),) = inputs
        super().__init__(space, CNN(space, n_bins, settings.relu == "operation"))
        self.dropout = nn.Identity()  # or what training has in its place
        self.windows = WindowCapsules(self.encoder.channels, self.encoder.rows)
        self.utterance = UtteranceCapsules(
            WINDOW_CAPSULES * (WINDOW_SIZE + 1), n_classes, settings.routing == "mean"
        )
        values = n_classes * (UTTERANCE_SIZE + 1)
        self.dense = MixedBlocks(
            [
                nn.Sequential(nn.Linear(values, width), nn.ReLU(), nn.Linear(width, n_classes))
                for width in map(int, space["dense"].candidates)
            ]
        )
        initialise(self)
        for name, inputs, outputs in (
            ("windows.transforms", LAYERS, WINDOW_SIZE),
            ("utterance.transform", WINDOW_CAPSULES * (WINDOW_SIZE + 1), UTTERANCE_SIZE),
        ):
            xavier_transforms_(self.get_parameter(name), inputs, outputs, generator_of(name))

    def classify(self, sequences: Tensor, lengths: Tensor | None, mixing: Mixing) -> Tensor:
        """(B, T', D) -> (B, classes)."""
        sequences = self.dropout(sequences)
        sequences = F.pad(sequences, (0, 0, 0, torch.sym_max(0, WINDOW - sequences.shape[1])))
        windows = sequences.unfold(1, WINDOW, SHIFT)  # (B, W, D, 10)
        counts = None
        if lengths is None:
            vectors = with_lengths(self.windows(windows.flatten(0, 1)))
            vectors = vectors.unflatten(0, windows.shape[:2])
        else:  # only the windows that exist; the zeros in place of the others have no effect
            counts = window_counts(lengths)
            real = torch.arange(windows.shape[1]) < counts[:, None]  # (B, W)
            real = real.to(sequences.device)
            vectors = sequences.new_zeros(*real.shape, WINDOW_CAPSULES * (WINDOW_SIZE + 1))
            vectors[real] = with_lengths(self.windows(windows[real]))
        return self.dense(with_lengths(self.utterance(vectors, counts)), mixing["dense"])

    def classify_pieces(self, pieces: Sequence[Tensor], mixing: Mixing) -> Tensor:
        """The window vectors, 72 values every 5 steps, are kept; nothing else of a piece is."""
        vectors = [with_lengths(self.windows(windows)) for windows in windows_of(pieces)]
        vectors = torch.cat(vectors)[None]
        return self.dense(with_lengths(self.utterance(vectors)), mixing["dense"])
