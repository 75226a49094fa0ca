"""Random inputs of any system."""

import torch

from sernas.systems.card import streams

SIZES = {"spectrogram": (1, 32), "embeddings": (3, 16)}  # channels and bins


def sizes_of(system, n_bins=32):
    """What builders take as ``inputs``."""
    sizes = {**SIZES, "spectrogram": (1, n_bins)}
    return tuple(sizes[stream] for stream in streams(system))


def x_of(system, batch, frames, n_bins=32, dtype=None):
    """A batch; where there are embeddings beside spectrograms, they have fewer frames."""
    x = tuple(
        torch.randn(
            batch, channels, bins, frames if stream == "spectrogram" else 1 + frames // 2
        ).to(dtype)
        for stream, (channels, bins) in zip(streams(system), sizes_of(system, n_bins), strict=True)
    )
    return x if len(x) > 1 else x[0]


def of_parts(change, *xs):
    """``change`` of x, or of each of its parts."""
    if isinstance(xs[0], tuple):
        return tuple(change(*parts) for parts in zip(*xs, strict=True))
    return change(*xs)
