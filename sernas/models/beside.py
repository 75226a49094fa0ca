"""A decision by functionals of what a network takes, beside the network's own."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sernas.folds.network_input import Input, as_input, streams_of
from sernas.models.functionals import Functionals, functionals, moments, of_recording
from sernas.models.reach import Recording
from sernas.models.system import Inputs, System
from sernas.space.mix import Mixing

QUICKLY = 5.0
"""How much faster than other weights those of the functionals learn. Few utterances are told by
small differences of many values, and a network knows its few speakers by heart before such a layer
knows anything."""
LEFT_OUT = 0.5  # of a frame's values, by a step of training


class Quick(nn.Linear):
    """A dense layer that begins at zero, and that Adam takes ``QUICKLY`` times as far in a step."""

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(QUICKLY * x)


class Beside(System):
    """A network, and a dense layer on functionals over time of a stream that it takes. Beyond the
    papers.

    The scores are the mean of both logarithms of class probabilities. In training half of a batch,
    drawn anew for each, asks the one and the other half the other: trained as a sum, what the
    network knows by heart would leave the functionals nothing to learn. Nor need the network then
    see all segments.

    Args:
        network: plain.
        stream: which, from 0.
        size: its (C, F).
    """

    def __init__(
        self,
        network: System,
        stream: int,
        size: tuple[int, int],
        functionals: Functionals,
        n_classes: int,
    ):
        super().__init__(network.space)
        self.network, self.stream, self.functionals = network, stream, functionals
        self.dense = Quick(functionals(torch.zeros(*size, 1)).numel(), n_classes)
        self.left_out = nn.Dropout1d(LEFT_OUT)

    def put_dropout(self, share: float) -> None:
        self.network.put_dropout(share)

    def forward(self, x: Input, mixing: Mixing | None = None) -> Tensor:
        streams = streams_of(x)
        if not self.training:
            return self._both(
                self.network(x, mixing), self._decided(self.functionals(streams[self.stream]))
            )
        batch = len(streams[0])
        if batch == 1:
            return self.network(x, mixing)
        order = torch.rand(batch, device=streams[0].device).argsort()
        asked, others = order.split([batch - batch // 2, batch // 2])
        by_network = self.network(as_input([part[asked] for part in streams]), mixing)
        by_functionals = self._decided(self.functionals(streams[self.stream][others]))
        return torch.cat([by_network, by_functionals])[order.argsort()]

    def score_utterances(self, utterances: Sequence[Input], mixing: Mixing | None = None) -> Tensor:
        found = [self.functionals(streams_of(x)[self.stream]) for x in utterances]
        by_network = self.network.score_utterances(utterances, mixing)
        return self._both(by_network, self._decided(torch.stack(found, 1)))

    def is_long(self, streams: Sequence[Recording]) -> bool:
        return self.network.is_long(streams)

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        found = of_recording(self.functionals, streams[self.stream], self, slice(None))
        return self._both(self.network.score_long(streams, mixing), self._decided(found[:, None]))

    def _decided(self, found: Tensor) -> Tensor:
        """Functionals (S, B, C, F) -> (B, classes)."""
        values = self.left_out(found.flatten(2).permute(1, 2, 0))
        return self.dense(values.flatten(1))

    @staticmethod
    def _both(one: Tensor, other: Tensor) -> Tensor:
        return (one.log_softmax(1) + other.log_softmax(1)) / 2


def beside(network: System, streams: Sequence[str], inputs: Inputs, n_classes: int) -> Beside:
    """``network`` with a decision by functionals beside it: of a speech model's layers where it
    takes them, else of its first stream; those of their linear baselines."""
    if "embeddings" in streams:
        stream, kind = streams.index("embeddings"), moments
    else:
        stream, kind = 0, functionals
    return Beside(network, stream, inputs[stream], kind, n_classes)
