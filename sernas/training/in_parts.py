"""The loss of a large batch, part by part: what its gradient needs is of one part at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from sernas.features.limits import MOST_AT_ONCE
from sernas.folds.network_input import Input, as_input, streams_of
from sernas.space.mix import Mixing

Loss = Callable[[Input, Tensor, Mixing | None], Tensor]
"""The mean over a batch x, with labels (B,), of the loss by a mixing."""


def parts_of(network: nn.Module, x: Input) -> int:
    """Into how many parts a batch is to be cut; one where a segment's loss follows from the others
    of its batch, or its number in it."""
    streams = streams_of(x)
    number = math.ceil(sum(stream.numel() for stream in streams) / MOST_AT_ONCE)
    if number == 1 or streams[0].device.type != "cpu":
        return 1
    shared = any(isinstance(module, _BatchNorm | _DropoutNd) for module in network.modules())
    return 1 if shared else min(number, len(streams[0]))


def loss_in_parts(
    loss: Loss, network: nn.Module, x: Input, y: Tensor, mixing: Mixing | None, number: int
) -> Tensor:
    """The loss of a batch, equal to that of the whole but for rounding.

    Its gradients are computed at once, where they are asked for at all, and handed out later.

    Args:
        network: whose parameters ``loss`` depends on.
        number: of parts.
    """
    mixing = mixing or {}
    learned = [
        k for k, mix in mixing.items() if mix.weights is not None and mix.weights.requires_grad
    ]
    copies = {layer: mixing[layer].weights.detach().requires_grad_() for layer in learned}
    inside = {k: replace(mix, weights=copies.get(k, mix.weights)) for k, mix in mixing.items()}

    def losses() -> Iterator[Tensor]:
        for part, labels in zip(cut(x, number), y.tensor_split(number), strict=True):
            yield loss(part, labels, inside or None) * (len(labels) / len(y))

    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    weights = [mixing[layer].weights for layer in learned]
    return _InParts.apply(losses, [*trained, *copies.values()], *trained, *weights)


def cut(x: Input, number: int) -> Iterator[Input]:
    """A batch (B, C, F, T) in so many parts, as even as can be."""
    parts = zip(*(stream.tensor_split(number) for stream in streams_of(x)), strict=True)
    return map(as_input, parts)


class _InParts(torch.autograd.Function):
    @staticmethod
    def forward(ctx, losses, leaves, *_):
        total, gradients = 0, [None] * len(leaves)
        with torch.enable_grad():
            for loss in losses():
                found = torch.autograd.grad(loss, leaves, allow_unused=True)
                total = total + loss.detach()
                for i, gradient in enumerate(found):
                    if gradient is not None:
                        before = gradients[i]
                        gradients[i] = gradient if before is None else before.add_(gradient)
        ctx.gradients = gradients
        return total

    @staticmethod
    def backward(ctx, of_loss: Tensor):
        return None, None, *(None if g is None else g * of_loss for g in ctx.gradients)
