"""Fit what is not trained by steps."""

from __future__ import annotations

import torch
from threadpoolctl import threadpool_limits

from sernas.folds.fold import Fold
from sernas.models.system import System


@torch.no_grad()
def fit_parts(network: System, fold: Fold, device: torch.device) -> list[dict]:
    """Fit what there is :attr:`~System.to_fit` of a network to the training speakers' utterances.

    Args:
        device: the network's.

    Returns:
        A row for each choice of hyper-parameters; see :meth:`sernas.models.fitted.Fitted.fit`.
    """
    if not network.to_fit:
        return []
    training, rows = fold.utterances("train").to(device), []
    speakers = training.table["speaker"].tolist()
    with threadpool_limits(torch.get_num_threads()):
        for part, stream in network.to_fit:
            found = [part.functionals(training.streams(i)[stream]) for i in range(len(training))]
            rows += part.fit(torch.stack(found), training.labels, speakers)
    return rows
