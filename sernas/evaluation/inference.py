"""Scores of whole utterances of any length."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from sernas.base.interrupts import stop_if_asked
from sernas.folds.network_input import moved
from sernas.folds.segments import UtteranceData
from sernas.models.system import System

BATCH = 32
"""Utterances whose sequences are scored together, at most; it has no effect on their scores."""
ROOM = 2**25
"""Values of the inputs of such a batch, at most, if all were as long as the longest."""


@torch.no_grad()
def score(system: System, data: UtteranceData, device: torch.device) -> Tensor:
    """Class scores before the softmax of every utterance, in the order of ``data``: (N, classes).

    The network sees each utterance whole, never padded or cut (Wu et al. 2022, section 4.1). One
    that is too long for that is encoded chunk by chunk, which is the same but for rounding.

    Raises:
        Interrupted: a signal asks a job to end that waits for such a place.
    """
    was_training = system.training
    system.eval()
    scores = []
    for batch in _batches(system, data):
        stop_if_asked()
        streams = data.streams(batch[0])
        if system.is_long(streams):
            scored = system.score_long([stream.to(device) for stream in streams])
        else:
            scored = system.score_utterances([moved(data.features(i), device) for i in batch])
        scores.append(scored.cpu())
    system.train(was_training)
    return torch.cat(scores)


def _batches(system: System, data: UtteranceData) -> Iterator[range]:
    """Utterances that follow one another; one that is long stands alone."""
    start, largest = 0, 0
    for i in range(len(data)):
        streams = data.streams(i)
        long = system.is_long(streams)
        size = ROOM if long else sum(math.prod(stream.shape) for stream in streams)
        largest = max(largest, size)
        if i > start and (i - start == BATCH or (i - start + 1) * largest > ROOM):
            yield range(start, i)
            start, largest = i, size
    yield range(start, len(data))
