"""The systems of Sun et al. 2022, "EmotionNAS": each stream alone, and fusions of both.

The abstract is what is public; sizes, cells and fusions are our instantiation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

from sernas.base.registry import load
from sernas.models.cell_cnn import CellCNN
from sernas.models.deep_stream import DeepStream
from sernas.models.drawn_by_name import drawn_by_name
from sernas.models.mean_over_time import Averaged, OverTime
from sernas.models.system import Inputs, System
from sernas.models.two_stream import TwoStream
from sernas.settings.space import SpaceSettings
from sernas.space.choices import SearchSpace


def build(
    space: SearchSpace,
    inputs: Inputs,
    n_classes: int,
    settings: SpaceSettings,
    streams: Sequence[str],
    cells: int,
    fusion: str | Callable[..., nn.Module] | None,
) -> System:
    """The system of some streams.

    Args:
        cells: number of cells for spectrograms.
        fusion: takes (B, D) of each stream's encoder to (B, classes); a class, or its dotted name.
            None: there is one stream.
    """
    encoders = [
        CellCNN(space, cells)
        if stream == "spectrogram"
        else DeepStream(space, *size, settings.layers == "all")
        for stream, size in zip(streams, inputs, strict=True)
    ]
    over_time = OverTime(deviation=settings.over_time == "mean_std")
    decide = load(fusion) if fusion else nn.Linear
    decision = decide(*(over_time.size(encoder.features) for encoder in encoders), n_classes)
    if fusion:
        return drawn_by_name(TwoStream(space, encoders, decision, over_time))
    return drawn_by_name(Averaged(space, *encoders, decision, over_time))
