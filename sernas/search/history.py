"""What a search leaves behind, an epoch a row."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from sernas.search.supernet import Supernet

SEEN = ("mixture_loss", "paths_loss", "gradient", "gradient_noise", "wander")


def record(
    supernet: Supernet,
    stage: str,
    epoch: int,
    loss: float,
    rate: float,
    probe: float | None,
    seen: Mapping[str, float | None],
) -> dict[str, float | str | None]:
    """One row: ``stage,epoch,loss,learning_rate,probe_loss``, what was seen after the epoch, then
    for each layer ``entropy/<layer>`` (nats) and ``weight/<layer>/<candidate>``, and of cells
    ``skips/<kind>``, the skip connections of the genotype that would be derived.

    Args:
        stage: "weights" (of the operations) or "architecture".
        loss: mean loss of the supernet over the epoch's segments.
        rate: learning rate of what the stage trains.
        probe: training loss of one architecture with inherited weights (Fig. 3b).
        seen: of :data:`SEEN` what there is, and ``rms/<layer>``; see :class:`glance.Glance` and
            :class:`gradient.ArchitectureGradient`.
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
    with torch.no_grad():
        for layer, a in supernet.weights().items():
            row[f"entropy/{layer}"] = float(torch.special.entr(a).sum())
            for candidate, weight in zip(
                supernet.system.space[layer].candidates, a.tolist(), strict=True
            ):
                row[f"weight/{layer}/{candidate}"] = weight
    return row | supernet.space.signs(supernet.derive())
