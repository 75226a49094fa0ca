"""Whole utterances through an encoder: one at a time, or many of them with few launches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from sernas.models.chunks import chunk_length
from sernas.models.reach import Reach, reach_of
from sernas.operations.folded import LEAST
from sernas.space.mix import Mixing


def pays(device: torch.device, values: int) -> bool:
    """Whether utterances of so many values should be encoded together: launches take the time."""
    return device.type == "cuda" and values < LEAST


def encoded(encoder: nn.Module, utterances: Sequence[Tensor], mixing: Mixing) -> list[Tensor]:
    """The steps of each utterance, (C, F, T) to (T', D), equal to those that it has alone but for
    rounding: what the encoder makes of padding is cut off."""
    together = all(pays(x.device, x.numel()) for x in utterances) and hasattr(encoder, "tried_on")
    if not together or not (reach := reach_of(encoder, mixing)):
        return [encoder(x[None], mixing)[0] for x in utterances]
    found = {}
    for group in _groups(encoder, utterances):
        steps = _together(encoder, [utterances[i] for i in group], mixing, reach)
        found |= dict(zip(group, steps, strict=True))
    return [found[i] for i in range(len(utterances))]


def _groups(encoder: nn.Module, utterances: Sequence[Tensor]) -> Iterator[list[int]]:
    """Their numbers, the longest first; of a group no more is encoded at once than of one that is
    long."""
    order = sorted(range(len(utterances)), key=lambda i: -utterances[i].shape[2])
    while order:
        longest = utterances[order[0]]
        number = max(1, chunk_length(encoder, longest) // longest.shape[2])
        yield order[:number]
        order = order[number:]


def _together(
    encoder: nn.Module, utterances: Sequence[Tensor], mixing: Mixing, reach: Reach
) -> list[Tensor]:
    """The steps of utterances of which none is longer than the first.

    All are padded to its length, for the steps that see no padding. The others come from the end of
    each utterance, and ends are of few lengths: those of one length are encoded together.
    """
    whole = utterances[0].shape[2]
    stops = [reach.unaware_of(x.shape[2]) if x.shape[2] < whole else whole for x in utterances]
    begun = [i for i, stop in enumerate(stops) if stop]
    padded = utterances[0].new_zeros(len(begun), *utterances[0].shape)
    for row, i in zip(padded, begun, strict=True):
        row[..., : utterances[i].shape[2]] = utterances[i]
    steps, ends = defaultdict(list), defaultdict(list)
    for row, i in zip(encoder(padded, mixing), begun, strict=True):
        steps[i].append(row if stops[i] == whole else row[: stops[i] // reach.shrinkage])
    for i, (x, stop) in enumerate(zip(utterances, stops, strict=True)):
        if stop < x.shape[2]:
            ends[x.shape[2] - max(0, stop - reach.margin)].append(i)
    for length, of in ends.items():
        last = encoder(torch.stack([utterances[i][..., -length:] for i in of]), mixing)
        for row, i in zip(last, of, strict=True):
            steps[i].append(row[min(stops[i], reach.margin) // reach.shrinkage :])
    return [torch.cat(steps[i]) for i in range(len(utterances))]
