"""How good architectures are with the weights that they inherit from a supernet."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch.nn.functional import cross_entropy

from sernas.base.interrupts import stop_if_asked
from sernas.folds.segments import SegmentData, batches
from sernas.search.supernet import Supernet
from sernas.space.mix import Mixing
from sernas.training.epoch import loaded, mean_over_segments, scores_of


class Inherited(NamedTuple):
    """Mean cross entropy over segments, and the share of these that are recognised."""

    loss: float
    wa: float


def inherited(
    supernet: Supernet,
    mixing: Mixing,
    data: SegmentData,
    batch_size: int,
    precision: str,
    most: int | None = None,
) -> Inherited:
    """Score what a mixing runs, such as :meth:`Supernet.path` of an architecture, nothing dropped
    out.

    The batches are the same each time, on which a supernet depends that has batch norm.

    Args:
        most: how many batches at most.

    Raises:
        Interrupted: a signal asks the job to end.
    """
    device = next(supernet.parameters()).device
    order = torch.Generator().manual_seed(0)
    indices = list(batches(len(data), batch_size, order))[:most]
    losses, right = [], []
    supernet.eval()
    for x, y in loaded(data, indices, device):
        scores = scores_of(supernet, x, precision, mixing).float()
        losses.append(cross_entropy(scores, y))
        right.append((scores.argmax(1) == y).sum())
        stop_if_asked()
    supernet.train()
    loss = mean_over_segments(torch.stack(losses).cpu(), indices)
    return Inherited(loss, float(torch.stack(right).sum()) / sum(map(len, indices)))
