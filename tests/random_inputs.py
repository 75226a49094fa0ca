"""Random inputs of any system."""

import torch

from sernas.systems.card import SYSTEMS, streams

SIZES = {"spectrogram": (1, 32), "embeddings": (3, 16), "egemaps": (1, 88)}  # channels and bins
# of the many that differ in a number alone, a few
MANY = ("linear_embeddings_l", "darts_cnn")
FEW = ("linear_embeddings_l1", "darts_cnn_c4", "darts_cnn_c8", "darts_cnn_lstm_c4_l2")
EACH = [name for name in SYSTEMS if not name.startswith(MANY) or name in FEW]
SMALL = [name for name in EACH if name != "darts_cnn_c8"]  # for what takes long
LEARNED = [name for name in EACH if not SYSTEMS[name].trainer]  # step by step, from any start


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


def fitted(system):
    """The same, classifiers that are not learned fitted to noise."""
    for part, _ in system.to_fit:
        features = torch.randn(40, len(part.mean))
        part.fit(features, torch.arange(40) % 4, [str(i % 3) for i in range(40)])
    return system


def of_parts(change, *xs):
    """``change`` of x, or of each of its parts."""
    if isinstance(xs[0], tuple):
        return tuple(change(*parts) for parts in zip(*xs, strict=True))
    return change(*xs)
