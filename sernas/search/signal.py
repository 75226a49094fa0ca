"""The signal of a mixture: as strong as that of one candidate, or as Eq. (1) leaves it."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from sernas.space.mix import Mix, Mixing


def of_unit_norm(mixing: Mixing) -> Mixing:
    """The mixing whose weights have in each layer a Euclidean norm of 1, over those that take part.

    Outputs of independently drawn candidates are uncorrelated: N of them, each of weight 1 / N as
    in Eq. (1) of Wu et al. 2022, have 1 / N of one candidate's variance, layer upon layer; at norm
    1 they have that of one. The reading is ours. The norm has no gradient, so that what a candidate
    gains no other loses but by the softmax.
    """
    return {
        layer: mix if mix.weights is None else replace(mix, weights=_unit(mix))
        for layer, mix in mixing.items()
    }


def _unit(mix: Mix) -> Tensor:
    """(N,), of all candidates of the layer; where none takes part they are not used."""
    taking_part = [mix.weights.detach()[i] for i in mix.candidates]  # indexing would wait for a GPU
    return mix.weights / torch.stack(taking_part).norm() if taking_part else mix.weights
