"""What a search leaves behind, an epoch a row."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from sernas.space.choices import Architecture, SearchSpace


def record(
    space: SearchSpace,
    stage: str,
    epoch: int,
    loss: float,
    rate: float | None,
    probe: float | None,
    weights: Mapping[str, Tensor],
    derived: Architecture,
) -> dict[str, float | str | None]:
    """One row: ``stage,epoch,loss,learning_rate,probe_loss``, then for each layer
    ``entropy/<layer>`` (nats) and ``weight/<layer>/<candidate>``, and of cells
    ``skips/<kind>``, the skip connections of the genotype that would be derived.

    Args:
        stage: "weights" (of the operations), "architecture" or "evolution".
        loss: mean loss of the supernet over the epoch's segments; in evolution the least of a path
            so far.
        rate: learning rate of what the stage trains; None: nothing is.
        probe: training loss of one architecture with inherited weights (Fig. 3b).
        weights: (N,) a layer; in evolution shares among the best paths.
        derived: the architecture that would be derived.
    """
    row = {
        "stage": stage,
        "epoch": epoch,
        "loss": loss,
        "learning_rate": rate,
        "probe_loss": probe,
    }
    for layer, a in weights.items():
        row[f"entropy/{layer}"] = float(torch.special.entr(a).sum())
        for candidate, weight in zip(space[layer].candidates, a.tolist(), strict=True):
            row[f"weight/{layer}/{candidate}"] = weight
    return row | space.signs(derived)
