"""The layers of a network that mix candidates."""

from __future__ import annotations

from torch import nn

from sernas.models.cell import Cell
from sernas.operations.mixed_layer import MixedBlocks, MixedLayer


def layers_in(network: nn.Module) -> dict[str, nn.Module]:
    """The layers that mix candidates, by their names in the search space; cells by their number."""
    return {
        path.rpartition(".")[2]: module
        for path, module in network.named_modules()
        if isinstance(module, (MixedLayer, MixedBlocks, Cell))
    }
