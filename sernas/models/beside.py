"""A linear model of what a network takes, which decides beside it."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from sernas.folds.network_input import Input, streams_of
from sernas.models.fitted import Fitted
from sernas.models.reach import Recording
from sernas.models.system import System
from sernas.space.mix import Mixing


class Beside(System):
    """A network, and the linear baseline on a stream that it takes. Beyond the papers.

    The scores are the mean of both logarithms of class probabilities. Neither learns of the other:
    the network is trained as if it stood alone, and the baseline fitted.

    Args:
        network: plain.
        stream: the baseline's, from 0.
    """

    def __init__(self, network: System, baseline: Fitted, stream: int):
        super().__init__(network.space)
        self.network, self.baseline, self.stream = network, baseline, stream

    @property
    def to_fit(self) -> tuple[tuple[Fitted, int], ...]:
        return ((self.baseline, self.stream),)

    def put_dropout(self, share: float) -> None:
        self.network.put_dropout(share)

    def forward(self, x: Input, mixing: Mixing | None = None) -> Tensor:
        by_network = self.network(x, mixing)
        if self.training:
            return by_network
        return self._both(by_network, self.baseline(streams_of(x)[self.stream]))

    def score_utterances(self, utterances: Sequence[Input], mixing: Mixing | None = None) -> Tensor:
        by_network = self.network.score_utterances(utterances, mixing)
        own = [streams_of(x)[self.stream] for x in utterances]
        return self._both(by_network, self.baseline.score_utterances(own))

    def is_long(self, streams: Sequence[Recording]) -> bool:
        return self.network.is_long(streams)

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        by_network = self.network.score_long(streams, mixing)
        return self._both(by_network, self.baseline.score_long([streams[self.stream]]))

    @staticmethod
    def _both(one: Tensor, other: Tensor) -> Tensor:
        return (one.log_softmax(1) + other.log_softmax(1)) / 2
