"""One path, drawn by the architecture weights, that these can be trained through. Light."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING

from sernas.space.mix import Mix, Mixing

if TYPE_CHECKING:
    from torch import Tensor

TINY = 2.0**-126  # the least normal number of float32


def gumbel_path(weights: Mapping[str, Tensor], temperature: float, rng: Random) -> Mixing:
    """One candidate a layer, drawn with the probability that its weight is.

    The straight-through Gumbel-softmax (Jang et al. 2017, section 2.2) of Dong and Yang 2019,
    Eqs. (4) to (6): the greatest of ``log a + g``, g from a Gumbel distribution, is drawn, and has
    weight 1, but the gradient of its share of ``softmax((log a + g) / temperature)``.

    Args:
        weights: (N,) a layer, which sum to 1. Where they have no gradient the path has none.
        rng: of N numbers a layer.
    """
    mixing = {}
    for layer, a in weights.items():
        noise = [-math.log(rng.expovariate(1)) for _ in range(len(a))]
        perturbed = a.clamp_min(TINY).log() + a.new_tensor(noise)
        drawn = int(perturbed.argmax())
        soft = (perturbed / temperature).softmax(0)
        straight = soft + (1 - soft).detach() if a.requires_grad else None
        mixing[layer] = Mix((drawn,), straight)
    return mixing
