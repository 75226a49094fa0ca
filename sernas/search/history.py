"""What a search leaves behind, an epoch a row."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from sernas.space.choices import Architecture, SearchSpace

SEEN = ("mixture_loss", "paths_loss", "gradient", "gradient_noise", "wander")


def record(
    space: SearchSpace,
    stage: str,
    epoch: int,
    loss: float,
    rate: float | None,
    probe: float | None,
    weights: Mapping[str, Tensor],
    derived: Architecture,
    seen: Mapping[str, float | None],
) -> dict[str, float | str | None]:
    """One row: ``stage,epoch,loss,learning_rate,probe_loss``, what was seen after the epoch, then
    for each layer ``entropy/<layer>`` (nats) and ``weight/<layer>/<candidate>``, and of cells
    ``skips/<kind>``, the skip connections of the genotype that would be derived.

    Args:
        stage: "weights" (of the operations), "architecture" or "evolution".
        loss: mean loss of the supernet over the epoch's segments; in evolution the least of a path
            so far.
        rate: learning rate of what the stage trains; None: nothing is.
        probe: training loss of one architecture with inherited weights (Fig. 3b), where it is
            followed.
        weights: (N,) a layer; in evolution shares among the best paths.
        derived: the architecture that would be derived.
        seen: of :data:`SEEN` what there is, and ``rms/<layer>``; see :class:`glance.Glance` and
            :class:`gradient.ArchitectureGradient`. In evolution ``paths_loss`` is the mean of the
            generation's, on validation data.
    """
    row = {
        "stage": stage,
        "epoch": epoch,
        "loss": loss,
        "learning_rate": rate,
        "probe_loss": probe,
        **dict.fromkeys(SEEN),
        **seen,
    }
    for layer, a in weights.items():
        row[f"entropy/{layer}"] = float(torch.special.entr(a).sum())
        for candidate, weight in zip(space[layer].candidates, a.tolist(), strict=True):
            row[f"weight/{layer}/{candidate}"] = weight
    return row | space.signs(derived)
