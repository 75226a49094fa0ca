"""Any module as an operation."""

from __future__ import annotations

from torch import Tensor, nn

from sernas.operations.source import Source


class Wrapped(nn.Module):
    """A module of x itself, and the norm behind it: (B, C, F, T) -> (B, C, F', T')."""

    def __init__(self, module: nn.Module, norm: nn.Module):
        super().__init__()
        self.module, self.norm = module, norm

    def forward(self, source: Source, weight: Tensor | None = None) -> Tensor:
        return self.norm(self.module(source.x), weight)
