"""Two decisions: by what encoders make, and by a speech model's layers as they are."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

QUICKLY = 10.0
"""How much faster than other weights those of the layers learn. Few utterances are told by small
differences of many values, and cells know their few speakers by heart before such a layer knows
anything."""


class Quick(nn.Linear):
    """A dense layer that begins at zero, and that Adam takes ``QUICKLY`` times as far in a step."""

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(QUICKLY * x)


class LayersBeside(nn.Module):
    """A decision by what encoders make, and one by what stands behind that in their vectors, a
    speech model's layers as they are: (B, K * D) of each encoder -> (B, classes). Beyond the
    papers.

    The scores are the mean of both logarithms of class probabilities. A step of training asks one
    of the two, drawn for each segment: trained as a sum, what the cells know by heart would leave
    the layers nothing to learn.

    Args:
        decision: takes (B, K * made) of each encoder to (B, classes).
        made: values of a step that each encoder makes; they come first.
        features: D, all values of a step of each.
        statistics: K, how many vectors over time there are of the steps, one behind the other.
    """

    def __init__(
        self,
        decision: nn.Module,
        made: Sequence[int],
        features: Sequence[int],
        statistics: int,
        n_classes: int,
    ):
        super().__init__()
        self.decision, self.made, self.statistics = decision, made, statistics
        self.beside = Quick(statistics * (sum(features) - sum(made)), n_classes)

    def forward(self, *vectors: Tensor) -> Tensor:
        each = [vector.unflatten(1, (self.statistics, -1)) for vector in vectors]
        made = [v[..., :n].flatten(1) for v, n in zip(each, self.made, strict=True)]
        beside = [v[..., n:].flatten(1) for v, n in zip(each, self.made, strict=True)]
        by_cells = self.decision(*made).log_softmax(1)
        by_layers = self.beside(torch.cat(beside, 1)).log_softmax(1)
        if self.training:
            drawn = torch.rand(len(by_cells), 1, device=by_cells.device) < 0.5
            return torch.where(drawn, by_cells, by_layers)
        return (by_cells + by_layers) / 2
