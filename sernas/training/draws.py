"""A step's draw of candidates as weights of them all, so that any draw makes the same launches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor, nn

from sernas.folds.network_input import sent
from sernas.models.layers import layers_in
from sernas.space.mix import Mix, Mixing

Form = tuple[tuple[str, tuple[int, ...], int], ...]
"""Of each layer its name, the candidates that are computed, and how many weights they have; 0: one
runs as it is."""


class Draw(NamedTuple):
    """A mixing, divided into numbers, which one graph takes any of, and what decides on launches.

    Attributes:
        weights: (N,) of all layers' candidates, zero where one takes no part. Their gradient goes
            on to the weights of the mixing.
        left_out: parameters of candidates that are computed though they take no part.
    """

    weights: Tensor
    form: Form
    left_out: list[nn.Parameter]


class Draws:
    """Makes draws of a network's mixings. Layers that run by weights compute all candidates, which
    costs one convolution, or little."""

    def __init__(self, network: nn.Module):
        self._layers = layers = layers_in(network)
        self._own = cache(lambda layer, i: layers[layer].own(i))
        self._like = next(network.parameters()).detach()

    def draw(self, mixing: Mixing) -> Draw:
        """That of a mixing; an empty one, of a network that needs none, has no weights."""
        form, parts, shares, left_out = [], [], [], []
        for name, mix in mixing.items():
            layer, computed = self._layers.get(name), mix.candidates
            n = 0 if mix.weights is None else len(mix.weights)
            if getattr(layer, "by_weights", False):
                n = layer.number
                computed = tuple(range(n))
                absent = (i for i in computed if i not in mix.candidates)
                left_out += (p for i in absent for p in self._own(name, i))
            form.append((name, computed, n))
            if n:
                parts.append(mix.weights)
                shares.append([float(i in mix.candidates) for i in range(n)])
        return Draw(self._weights(parts, shares), tuple(form), left_out)

    def _weights(self, parts: Sequence[Tensor | None], shares: Sequence[list[float]]) -> Tensor:
        """(N,) each layer's weights, or ones in place of None, times the shares."""
        every = [share for of_layer in shares for share in of_layer]
        if not every:
            return self._like.new_empty(0)
        if all(part is None for part in parts):
            return self._sent(every)
        filled = [
            self._like.new_ones(len(share)) if part is None else part
            for part, share in zip(parts, shares, strict=True)
        ]
        weights = torch.cat(filled)
        return weights if all(every) else weights * self._sent(every)

    def _sent(self, values: list[float]) -> Tensor:
        return sent(torch.tensor(values, dtype=self._like.dtype), self._like.device)


def mixing_of(weights: Tensor, form: Form) -> Mixing:
    """What tells a network what to compute, by the weights (N,) of a draw of that form."""
    parts = weights.split([n for _, _, n in form])
    return {
        layer: Mix(computed, part if n else None)
        for (layer, computed, n), part in zip(form, parts, strict=True)
    }
