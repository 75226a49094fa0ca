"""The systems of Sun et al. 2022, "EmotionNAS": each stream alone, and three fusions of both.

The abstract is what is public: two streams, of handcrafted and of deep features, each of which is
searched, and an information supplement module between them. All else is our instantiation: the
operations of the cells, the hand-made genotype, and the two simpler fusions.
"""

from __future__ import annotations

from functools import partial

from sernas.settings.space import SpaceSettings
from sernas.space.cells import IMAGE_KINDS, CellSpace, cell_space
from sernas.systems.card import SYSTEMS, Cost, SystemCard
from sernas.systems.cells import cost_of_cells

NUMBER_OF_CELLS = 4
"""How many the stream of spectrograms has; that of embeddings has one."""
KINDS_OF_CELLS = {"spectrogram": IMAGE_KINDS, "embeddings": ("deep",)}
"""The cells of each stream."""
HAND_MADE = {"normal": "sep_conv_3x3", "reduction": "sep_conv_3x3", "deep": "conv_3"}
"""The operation from both inputs of a cell to each of its nodes, where nothing is searched."""
FUSIONS = "sernas.models.fusions"


def searched(settings: SpaceSettings, streams: tuple[str, ...]) -> CellSpace:
    """The cells of some streams together: a genotype of two streams is one of each."""
    return cell_space([kind for stream in streams for kind in KINDS_OF_CELLS[stream]], HAND_MADE)


def card(
    name: str, title: str, streams: tuple[str, ...], cost: Cost, fusion: str | None = None
) -> SystemCard:
    """That of one stream, or of a fusion of two."""
    parts = () if fusion is None else ("handcrafted", "deep")
    arguments = {"streams": streams, "cells": NUMBER_OF_CELLS, "fusion": fusion}
    space, network = partial(searched, streams=streams), "sernas.models.sun2022:build"
    return SystemCard(name, title, space, network, arguments, streams, parts, cost)


both = partial(card, streams=("spectrogram", "embeddings"), cost=cost_of_cells(NUMBER_OF_CELLS))
for each in (
    card("handcrafted", "handcrafted stream", ("spectrogram",), cost_of_cells(NUMBER_OF_CELLS)),
    card("deep", "deep stream", ("embeddings",), Cost()),
    both("two_stream_concat", "two streams, concatenated", fusion=f"{FUSIONS}:Concatenation"),
    both("two_stream_mean", "two streams, mean of decisions", fusion=f"{FUSIONS}:MeanOfDecisions"),
    both(
        "two_stream_supplement",
        "two streams, information supplement",
        fusion=f"{FUSIONS}:SupplementedConcatenation",
    ),
):
    SYSTEMS.add(each)
