"""SpecAugment: what is hidden of a segment (Park et al. 2019, section 2), but for time warping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from sernas.folds.network_input import Input, as_input, streams_of
from sernas.settings.training import TrainingSettings


def with_masks(
    x: Input, streams: Sequence[str], settings: TrainingSettings, rng: np.random.Generator
) -> Input:
    """A batch with ``training.spec_augment`` masks of each kind, others in each stream.

    Args:
        streams: what ``x`` is of; of a spectrogram bins are hidden too.
    """
    masked = []
    for part, stream in zip(streams_of(x), streams, strict=True):
        number = settings.spec_augment
        if stream == "spectrogram":
            part = hidden(part, 2, number, settings.mask_bins, rng)
        masked.append(hidden(part, 3, number, settings.mask_frames, rng))
    return as_input(masked)


def hidden(x: Tensor, dim: int, number: int, most: float, rng: np.random.Generator) -> Tensor:
    """x (B, C, F, T) with ``number`` stretches of a dimension set to 0, the mean of the training
    speakers; those of a segment are its own, and of all its channels.

    Args:
        most: of the dimension, how much a stretch may be. All widths up to it are as likely, and
            so are all places.
    """
    size = x.shape[dim]
    widths = rng.integers(0, round(most * size), (number, len(x), 1), endpoint=True)
    starts = rng.integers(0, size - widths, endpoint=True)
    places = np.arange(size)
    mask = ((starts <= places) & (places < starts + widths)).any(0)  # (B, size)
    shape = [len(x), 1, 1, 1]
    shape[dim] = size
    return x.masked_fill(torch.from_numpy(mask).to(x.device).view(shape), 0)
