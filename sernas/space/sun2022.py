"""The systems of Sun et al. 2022, "EmotionNAS", as data: their streams and their search spaces.

The abstract is what is public: two streams, of handcrafted and of deep features, each of which is
searched, and an information supplement module between them. All else is our instantiation: the
operations of the cells, the hand-made genotype, and the two simpler fusions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sernas.settings.space import SpaceSettings
from sernas.space.cells import IMAGE_KINDS, CellSpace, cell_space

SPECTROGRAM, EMBEDDINGS = "spectrogram", "embeddings"
STREAMS = {
    "handcrafted": (SPECTROGRAM,),
    "deep": (EMBEDDINGS,),
    "two_stream_concat": (SPECTROGRAM, EMBEDDINGS),
    "two_stream_mean": (SPECTROGRAM, EMBEDDINGS),
    "two_stream_supplement": (SPECTROGRAM, EMBEDDINGS),
}
"""The inputs of each system."""
KINDS = {SPECTROGRAM: IMAGE_KINDS, EMBEDDINGS: ("deep",)}
"""The cells of each stream."""
CELLS = 4
"""How many the stream of spectrograms has; that of embeddings has one."""
HAND_MADE = {"normal": "sep_conv_3x3", "reduction": "sep_conv_3x3", "deep": "conv_3"}
"""The operation from both inputs of a cell to each of its nodes, where nothing is searched."""


def searched(streams: tuple[str, ...], settings: SpaceSettings) -> CellSpace:
    """The cells of some streams together: a genotype of two streams is one of each."""
    return cell_space([kind for stream in streams for kind in KINDS[stream]], HAND_MADE)


SPACES: dict[str, Callable[[SpaceSettings], CellSpace]] = {
    system: partial(searched, streams) for system, streams in STREAMS.items()
}
