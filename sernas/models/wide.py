"""A linear model beside a network: wide and deep (Cheng et al. 2016). Beyond the papers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from sernas.folds.network_input import Input, streams_of
from sernas.models.chunks import parts
from sernas.models.reach import Recording
from sernas.models.system import Inputs, System
from sernas.space.mix import Mixing

DROPOUT = 0.5  # of the linear model's values


class Wide(System):
    """A system, to whose scores those of a linear layer are added: of the mean and the deviation
    over time of each value of its inputs. At first these are zero.

    Args:
        network: the system.
        inputs: of it.
    """

    def __init__(self, network: System, inputs: Inputs, n_classes: int):
        super().__init__(network.space)
        self.network = network
        values = 2 * sum(channels * bins for channels, bins in inputs)
        self.linear = nn.Sequential(nn.Dropout(DROPOUT), nn.Linear(values, n_classes))
        nn.init.zeros_(self.linear[1].weight)
        nn.init.zeros_(self.linear[1].bias)

    def forward(self, x: Input, mixing: Mixing | None = None) -> Tensor:
        return self.network(x, mixing) + self.linear(moments(streams_of(x)))

    def score_utterances(self, utterances: Sequence[Input], mixing: Mixing | None = None) -> Tensor:
        each = [moments([stream[None] for stream in streams_of(x)]) for x in utterances]
        return self.network.score_utterances(utterances, mixing) + self.linear(torch.cat(each))

    def is_long(self, streams: Sequence[Recording]) -> bool:
        return self.network.is_long(streams)

    def score_long(self, streams: Sequence[Recording], mixing: Mixing | None = None) -> Tensor:
        of_recording = torch.cat([self._moments_of_long(x) for x in streams], 1)
        return self.network.score_long(streams, mixing) + self.linear(of_recording)

    def put_dropout(self, share: float) -> None:
        self.network.put_dropout(share)

    def _moments_of_long(self, x: Recording) -> Tensor:
        """(1, 2 C F) of an utterance (C, F, T), part by part: about the mean, which is known then,
        since sums of squares would cancel."""
        frames, weight = x.shape[2], self.linear[1].weight
        mean = sum(part.double().sum(-1, keepdim=True) for *_, part in parts(self, x)) / frames
        about = (((part - mean) ** 2).sum(-1) for *_, part in parts(self, x))
        return torch.stack([mean[..., 0], (sum(about) / frames).sqrt()], 1).flatten(1).to(weight)


def moments(streams: Sequence[Tensor]) -> Tensor:
    """(B, C, F, T) of each stream -> (B, K): of each value its mean and deviation over time."""
    each = [torch.stack([x.mean(-1), x.std(-1, correction=0)], 1).flatten(1) for x in streams]
    return torch.cat(each, 1)
