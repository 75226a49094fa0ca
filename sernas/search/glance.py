"""What is seen of a supernet after each epoch, on a part of the training data."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from sernas.base.interrupts import stop_if_asked
from sernas.base.seeds import rng_of
from sernas.folds.segments import SegmentData, batches
from sernas.search.layer_signal import mean_squares
from sernas.search.updates import Updates
from sernas.space.mix import Mixing
from sernas.training.epoch import loaded, mean_over_segments

PATHS = 4
MOST = 4  # batches
SHARE = 32  # of an epoch's batches one is looked at, so that it takes a twentieth of the epoch


class Glance:
    """Losses and signal of a supernet, of the same segments and paths in every epoch.

    Args:
        updates: of the supernet.
        data: what its operations are trained on.
        seed: of the paths, which are drawn uniformly.
    """

    def __init__(self, updates: Updates, data: SegmentData, seed: int, device: torch.device):
        self._updates, self._data, self._device = updates, data, device
        order = torch.Generator().manual_seed(0)
        every = list(batches(len(data), updates.optimisation.batch_size, order))
        self._indices = every[: min(MOST, math.ceil(len(every) / SHARE))]
        rng, system = rng_of(seed, "paths"), updates.supernet.system
        self._paths = [updates.supernet.path(system.space.draw(rng)) for _ in range(PATHS)]

    @torch.no_grad()
    def figures(self) -> dict[str, float]:
        """``mixture_loss``, of all candidates by their weights; ``paths_loss``, the mean of the
        paths'; and under that mixture ``rms/<layer>`` of each layer's output."""
        supernet = self._updates.supernet
        supernet.eval()
        with mean_squares(supernet.system) as squares:
            mixture = self._loss(self._updates.everything())
        paths = [self._loss(path) for path in self._paths]
        supernet.train()
        rms = {
            f"rms/{layer}": float(torch.stack(of).mean().sqrt()) for layer, of in squares.items()
        }
        return {"mixture_loss": mixture, "paths_loss": sum(paths) / PATHS, **rms}

    def _loss(self, mixing: Mixing) -> float:
        losses: list[Tensor] = []
        for batch in loaded(self._data, self._indices, self._device):
            losses.append(self._updates.loss(batch, mixing))
            stop_if_asked()
        return mean_over_segments(torch.stack(losses).cpu(), self._indices)
