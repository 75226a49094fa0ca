"""Systems of several streams: an encoder for each, and a fusion of their vectors."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sernas.models.chunks import is_long, pieces
from sernas.models.encoded import encoded
from sernas.models.mean_over_time import OverTime
from sernas.models.reach import Recording
from sernas.models.system import System
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing


class TwoStream(System):
    """Encoders, a vector over the time steps of each, and what fuses the vectors.

    Args:
        encoders: in the order of the inputs; each is as :class:`OneStream` has it.
        fusion: (B, D) of each encoder to (B, classes) scores.
        over_time: from steps to a vector.
    """

    def __init__(
        self,
        space: SearchSpace,
        encoders: Sequence[nn.Module],
        fusion: nn.Module,
        over_time: OverTime,
    ):
        super().__init__(space)
        self.encoders = nn.ModuleList(encoders)
        self.fusion = fusion
        self.over_time = over_time

    def forward(self, x: tuple[Tensor, ...], mixing: Mixing | None = None) -> Tensor:
        mixing = mixing or self.plain()
        parts = zip(self.encoders, x, strict=True)
        vectors = [self.over_time(encoder(part, mixing)) for encoder, part in parts]
        return self.fusion(*vectors)

    def score_utterances(
        self, utterances: Sequence[tuple[Tensor, ...]], mixing: Mixing | None = None
    ) -> Tensor:
        mixing = mixing or self.plain()
        streams = zip(self.encoders, zip(*utterances, strict=True), strict=True)
        sequences = [encoded(encoder, parts, mixing) for encoder, parts in streams]
        scores = [
            self.fusion(*(self.over_time(steps[None]) for steps in of_one))
            for of_one in zip(*sequences, strict=True)
        ]
        return torch.cat(scores)

    def is_long(self, streams: Sequence[Recording]) -> bool:
        return any(map(is_long, self.encoders, streams))

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        mixing = mixing or self.plain()
        vectors = [
            self.over_time.of_pieces(pieces(encoder, x, mixing))
            for encoder, x in zip(self.encoders, streams, strict=True)
        ]
        return self.fusion(*vectors)
