"""Two decisions: by what encoders make, and by a speech model's layers as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from sernas.space.mix import Mixing

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

    The scores are the mean of both logarithms of class probabilities. In training half of a batch,
    drawn anew for each, asks the one and the other half the other: trained as a sum, what the cells
    know by heart would leave the layers nothing to learn. Nor need the cells then see all segments.

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
        made, layers = self._parted(vectors)
        return (self._by_cells(made) + self._by_layers(layers)) / 2

    def in_training(
        self,
        encoders: Sequence[nn.Module],
        streams: Sequence[Tensor],
        over_time: Callable[[Tensor], Tensor],
        mixing: Mixing,
    ) -> Tensor:
        """The scores of a batch, each segment by one of the two decisions: (B, classes).

        Args:
            encoders: of each of ``streams``, x (B, C, F, T), to steps.
            over_time: steps (B, T', D) to vectors (B, K * D).
        """
        batch = len(streams[0])
        order = torch.rand(batch, device=streams[0].device).argsort()
        asked, others = order.split([batch - batch // 2, batch // 2])
        vectors = [
            over_time(encoder(x[asked], mixing))
            for encoder, x in zip(encoders, streams, strict=True)
        ]
        layers = [
            over_time(encoder.layers(x[others]))
            for encoder, x in zip(encoders, streams, strict=True)
            if encoder.features > encoder.made
        ]
        made, _ = self._parted(vectors)
        scores = torch.cat([self._by_cells(made), self._by_layers(layers)])
        return scores[order.argsort()]

    def _parted(self, vectors: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Of each vector what its encoder made, and the layers behind that."""
        each = [vector.unflatten(1, (self.statistics, -1)) for vector in vectors]
        made = [v[..., :n].flatten(1) for v, n in zip(each, self.made, strict=True)]
        return made, [v[..., n:].flatten(1) for v, n in zip(each, self.made, strict=True)]

    def _by_cells(self, made: Sequence[Tensor]) -> Tensor:
        return self.decision(*made).log_softmax(1)

    def _by_layers(self, layers: list[Tensor]) -> Tensor:
        return self.beside(torch.cat(layers, 1)).log_softmax(1)
