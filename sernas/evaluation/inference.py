"""Scores of whole utterances of any length."""

from __future__ import annotations

import torch
from torch import Tensor

from sernas.base.interrupts import stop_if_asked
from sernas.folds.network_input import moved
from sernas.folds.segments import UtteranceData
from sernas.models.system import System

BATCH = 32
"""Utterances whose sequences are scored together; it has no effect on their scores."""


@torch.no_grad()
def score(system: System, data: UtteranceData, device: torch.device) -> Tensor:
    """Class scores before the softmax of every utterance, in the order of ``data``: (N, classes).

    The network sees each utterance whole, never padded or cut (Wu et al. 2022,
    section 4.1).

    Raises:
        Interrupted: a signal asks a job to end that waits for such a place.
    """
    was_training = system.training
    system.eval()
    scores = []
    for start in range(0, len(data), BATCH):
        stop_if_asked()
        stop = min(start + BATCH, len(data))
        utterances = [moved(data.features(i), device) for i in range(start, stop)]
        scores.append(system.score_utterances(utterances).cpu())
    system.train(was_training)
    return torch.cat(scores)
