"""The supernet: a system that holds every candidate, and the weights of its architecture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sernas.folds.network_input import Input
from sernas.models.system import System
from sernas.space.choices import Architecture
from sernas.space.mix import Mixing, path


class Supernet(nn.Module):
    """A system over a whole search space, with one learned vector a layer, initially zero.

    Attributes:
        logits: (N,) a layer; their softmax is ``a`` of Eq. (1) of Wu et al. 2022.
        space: the system's, its layers in the order of ``logits``.
    """

    def __init__(self, system: System):
        super().__init__()
        self.system = system
        self.logits = nn.ParameterDict(
            {
                choice.layer: nn.Parameter(torch.zeros(len(choice.candidates)))
                for choice in system.space.choices
            }
        )
        # a ParameterDict sorts; what is drawn layer by layer is to follow one order throughout
        self.space = system.space.ordered(self.logits)

    def weights(self) -> dict[str, Tensor]:
        """The architecture weights of each layer, (N,), which sum to 1."""
        return {layer: torch.softmax(logits, 0) for layer, logits in self.logits.items()}

    def path(self, architecture: Architecture) -> Mixing:
        """The mixing that runs one architecture with the weights inherited from the supernet."""
        return path(self.space, architecture)

    def derive(self) -> dict[str, str]:
        """The architecture that the weights stand for, as the search space says."""
        # double precision, or logits that differ could become equal weights
        exact = {n: torch.softmax(logits.double(), 0).tolist() for n, logits in self.logits.items()}
        return self.system.space.derive(exact)

    def forward(self, x: Input, mixing: Mixing) -> Tensor:
        """(B, C, F, T) -> (B, classes)."""
        return self.system(x, mixing)
