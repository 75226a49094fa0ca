"""Fit a system whose classifier is not trained by steps."""

from __future__ import annotations

from pathlib import Path

import torch

from sernas.models import build_system
from sernas.training.fitting import fit_parts
from sernas.training.from_scratch import Candidates, Trained, scoring, validated
from sernas.training.meter import Meter


@torch.no_grad()
def fit(candidates: Candidates, folder: Path | None = None) -> Trained:
    """Fit the classifier to the whole utterances of the training speakers.

    Validation speakers choose nothing: they say the ``validation_wa``. The result does not depend
    on the seed, and a fit that was stopped begins anew. The history is the choice of
    hyper-parameters, and the cost has no epochs, steps or FLOPs.

    Args:
        candidates: of a system that is all :attr:`~sernas.models.system.System.to_fit`, and a
            single architecture.
        folder: not needed.
    """
    fold, device = candidates.fold, candidates.device
    architecture = dict(candidates.architectures[0])
    network = build_system(
        candidates.system,
        inputs=fold.inputs,
        architecture=architecture,
        n_classes=len(fold.emotions),
        settings=candidates.space,
    ).to(device)
    meter = Meter()
    with meter.timed():
        history = fit_parts(network, fold, device)
    _, wa = validated(network, scoring(fold, device), device)
    return Trained(network, architecture, wa, 0, history, meter.cost(0, device))
