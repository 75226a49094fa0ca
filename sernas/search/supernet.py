"""The supernet: a system that holds every candidate, and the weights of its architecture."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sernas.models.system import System
from sernas.space.choices import Architecture
from sernas.space.mix import Mix, Mixing


class Supernet(nn.Module):
    """A system over a whole search space, with one learned vector a layer, initially zero.

    Attributes:
        logits: (N,) a layer; their softmax is ``a`` of Eq. (1) of Wu et al. 2022.
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

    def weights(self) -> dict[str, Tensor]:
        """The architecture weights of each layer, (N,), which sum to 1."""
        return {layer: torch.softmax(logits, 0) for layer, logits in self.logits.items()}

    def path(self, architecture: Architecture) -> Mixing:
        """The mixing that runs one architecture with the weights inherited from the supernet."""
        indices = self.system.space.indices(architecture)
        return {layer: Mix((i,)) for layer, i in indices.items()}

    def derive(self) -> dict[str, str]:
        """The architecture of the largest weight in each layer (section 2.1)."""
        return {
            choice.layer: choice.candidates[int(self.logits[choice.layer].argmax())]
            for choice in self.system.space.choices
        }

    def forward(self, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, 1, F, T) -> (B, classes)."""
        return self.system(x, mixing)
