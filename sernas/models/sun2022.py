"""The systems of Sun et al. 2022, "EmotionNAS": each stream alone, and three fusions of both.

The abstract is what is public; sizes, cells and fusions are our instantiation.
"""

from __future__ import annotations

from torch import nn

from sernas.models.cell_cnn import CellCNN
from sernas.models.deep_stream import DeepStream
from sernas.models.fusions import Concatenation, MeanOfDecisions, SupplementedConcatenation
from sernas.models.mean_over_time import Averaged
from sernas.models.registry import Inputs, register
from sernas.models.system import System
from sernas.models.two_stream import TwoStream
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace
from sernas.space.sun2022 import CELLS, SPECTROGRAM, STREAMS

FUSIONS = {
    "two_stream_concat": Concatenation,
    "two_stream_mean": MeanOfDecisions,
    "two_stream_supplement": SupplementedConcatenation,
}


def encoder(stream: str, space: SearchSpace, size: tuple[int, int]) -> nn.Module:
    """That of a stream; alone or in two, it is the same.

    Args:
        size: channels and bins of what the stream takes.
    """
    return CellCNN(space, CELLS) if stream == SPECTROGRAM else DeepStream(space, *size)


def builder(name: str):
    """What builds the system of that name."""

    def build(
        space: SearchSpace, inputs: Inputs, n_classes: int, settings: SpaceSettings
    ) -> System:
        encoders = [encoder(s, space, size) for s, size in zip(STREAMS[name], inputs, strict=True)]
        if name not in FUSIONS:
            (alone,) = encoders
            return Averaged(space, alone, n_classes)
        fusion = FUSIONS[name](*(each.features for each in encoders), n_classes)
        return TwoStream(space, encoders, fusion)

    return build


for name in STREAMS:
    register(name)(builder(name))
