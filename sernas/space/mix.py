"""Which candidates of a layer take part in a step, and with which weights. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sernas.space.choices import Architecture, SearchSpace

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Mix:
    """The mix of one layer.

    Attributes:
        candidates: positions of the candidates that take part; of none the output is zero.
        weights: (N,) the weights ``a_i`` of Eq. (1) of Wu et al. 2022, of all candidates of the
            layer; those that take part count. None: there is one, of weight 1.
    """

    candidates: tuple[int, ...] = (0,)
    weights: Tensor | None = None


Mixing = Mapping[str, Mix]
"""A :class:`Mix` for each layer by name."""


def path(space: SearchSpace, architecture: Architecture) -> Mixing:
    """The mixing that runs one architecture within a supernet over ``space``."""
    return {layer: Mix((i,)) for layer, i in space.indices(architecture).items()}
