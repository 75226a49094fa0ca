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
        weights: (N,) of all layers' candidates, zero where one takes no part; without a gradient.
        form: of it.
        own: of each layer, its weights in the mixing.
        taken: (N,) ones and zeros, which candidates take part; None: all do.
        left_out: parameters of candidates that are computed though they take no part.
    """

    weights: Tensor
    form: Form
    own: list[Tensor | None]
    taken: Tensor | None
    left_out: list[nn.Parameter]

    @property
    def learned(self) -> bool:
        """Whether the weights have a gradient."""
        return any(own is not None and own.requires_grad for own in self.own)

    def pass_on(self, gradients: Sequence[Tensor | None]) -> None:
        """Let gradients by each layer's weights be passed on to what the mixing's own follow from.
        Those of a layer that has no gradient stay without."""
        shares = [None] * len(self.own) if self.taken is None else divided(self.taken, self.form)
        found = [
            (own, gradient if share is None else gradient * share)
            for own, gradient, share in zip(self.own, gradients, shares, strict=True)
            if own is not None and own.requires_grad and gradient is not None
        ]
        if found:
            torch.autograd.backward(*zip(*found, strict=True))


class Draws:
    """Makes draws of a network's mixings. Layers that run by weights compute all candidates, which
    costs one convolution, or little."""

    def __init__(self, network: nn.Module):
        self._layers = layers = layers_in(network)
        self._of_candidate = cache(lambda layer, i: layers[layer].own(i))
        self._like = next(network.parameters()).detach()

    def draw(self, mixing: Mixing) -> Draw:
        """That of a mixing; an empty one, of a network that needs none, has no weights."""
        form, taken, left_out = [], [], []
        for name, mix in mixing.items():
            layer, computed = self._layers.get(name), mix.candidates
            n = 0 if mix.weights is None else len(mix.weights)
            if getattr(layer, "by_weights", False):
                n = layer.number
                computed = tuple(range(n))
                absent = (i for i in computed if i not in mix.candidates)
                left_out += (p for i in absent for p in self._of_candidate(name, i))
            form.append((name, computed, n))
            taken += [float(i in mix.candidates) for i in range(n)]
        own = [mix.weights for mix in mixing.values()]
        if all(taken):
            return Draw(self._joined(form, own), tuple(form), own, None, left_out)
        taken = sent(torch.tensor(taken, dtype=self._like.dtype), self._like.device)
        of_one = all(weights is None for weights in own)
        weights = taken if of_one else self._joined(form, own) * taken
        return Draw(weights, tuple(form), own, taken, left_out)

    def _joined(self, form: Sequence[tuple], own: Sequence[Tensor | None]) -> Tensor:
        """(N,) of all layers; ones where a layer has none."""
        layers = [
            self._like.new_ones(n) if weights is None else weights.detach()
            for (_, _, n), weights in zip(form, own, strict=True)
            if n
        ]
        return torch.cat([self._like.new_empty(0), *layers])


def divided(weights: Tensor, form: Form) -> tuple[Tensor, ...]:
    """(N,) of a draw -> those of each layer."""
    return weights.split([n for _, _, n in form])


def mixing_of(weights: Sequence[Tensor], form: Form) -> Mixing:
    """What tells a network what to compute, by the weights of each layer of a draw."""
    return {
        layer: Mix(computed, of_layer if n else None)
        for (layer, computed, n), of_layer in zip(form, weights, strict=True)
    }
