"""Scores of whole utterances of any length."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from sernas.base.interrupts import stop_if_asked
from sernas.folds.network_input import moved
from sernas.folds.segments import UtteranceData
from sernas.models.encoded import pays
from sernas.models.system import System

BATCH = 32
"""Utterances whose sequences are scored together, at most; it has no effect on their scores."""
GATHERED = 256
"""The same where encoders see utterances of about one length together."""
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
    sizes = [sum(math.prod(stream.shape) for stream in data.streams(i)) for i in range(len(data))]
    order, most = range(len(data)), BATCH
    if any(pays(device, size) for size in sizes):
        order, most = sorted(order, key=lambda i: -sizes[i]), GATHERED
    scores = []
    for batch in _batches(system, data, sizes, order, most):
        stop_if_asked()
        streams = data.streams(batch[0])
        if system.is_long(streams):
            scored = system.score_long([stream.to(device) for stream in streams])
        else:
            scored = system.score_utterances([moved(data.features(i), device) for i in batch])
        scores.append(scored)
    system.train(was_training)
    found = torch.cat(scores).cpu()
    return torch.empty_like(found).index_copy_(0, torch.tensor(list(order)), found)


def _batches(
    system: System, data: UtteranceData, sizes: Sequence[int], order: Sequence[int], most: int
) -> Iterator[Sequence[int]]:
    """Utterances that follow one another in ``order``; one that is long stands alone."""
    start, largest = 0, 0
    for n, i in enumerate(order):
        size = ROOM if system.is_long(data.streams(i)) else sizes[i]
        largest = max(largest, size)
        if n > start and (n - start == most or (n - start + 1) * largest > ROOM):
            yield order[start:n]
            start, largest = n, size
    yield order[start:]
