"""How strong each layer's output is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn

from sernas.models.layers import layers_in


@contextmanager
def mean_squares(network: nn.Module) -> Iterator[dict[str, list[Tensor]]]:
    """Within it, each run of the network adds the mean square of each layer's output."""
    found: dict[str, list[Tensor]] = defaultdict(list)

    def noting(layer: str):
        return lambda module, inputs, out: found[layer].append(out.float().square().mean())

    hooks = [m.register_forward_hook(noting(layer)) for layer, m in layers_in(network).items()]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()
