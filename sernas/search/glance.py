"""What is seen of a supernet after each epoch, on a part of the training data."""

from __future__ import annotations

import math

import torch

from sernas.base.seeds import rng_of
from sernas.folds.segments import SegmentData
from sernas.search.inherited import inherited
from sernas.search.layer_signal import mean_squares
from sernas.search.updates import Updates
from sernas.space.mix import Mixing

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

    def __init__(self, updates: Updates, data: SegmentData, seed: int):
        self.updates, self.data = updates, data
        supernet, rng = updates.supernet, rng_of(seed, "paths")
        self.paths = [supernet.path(supernet.system.space.draw(rng)) for _ in range(PATHS)]
        every = math.ceil(len(data) / updates.optimisation.batch_size)
        self.batches = min(MOST, math.ceil(every / SHARE))

    def figures(self, of_operations: bool) -> dict[str, float]:
        """``mixture_loss``, of all candidates by their weights, and under that mixture
        ``rms/<layer>`` of each layer's output; where operations were trained, on which paths alone
        depend, ``paths_loss``, the mean of the paths'."""
        with mean_squares(self.updates.supernet.system) as squares:
            mixture = self._loss(self.updates.everything())
        seen = {"mixture_loss": mixture}
        if of_operations:
            seen["paths_loss"] = sum(self._loss(path) for path in self.paths) / PATHS
        for layer, of in squares.items():
            seen[f"rms/{layer}"] = float(torch.stack(of).mean().sqrt())
        return seen

    def _loss(self, mixing: Mixing) -> float:
        of = self.updates.optimisation
        found = inherited(
            self.updates.supernet, mixing, self.data, of.batch_size, of.precision, self.batches
        )
        return found.loss
