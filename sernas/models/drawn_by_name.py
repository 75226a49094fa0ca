"""Initial weights that follow from the seed and their name, whatever else a network holds.

Networks of two architectures then begin with the same numbers wherever both have a weight of the
same name and shape, so that runs of one seed are pairs.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import nn

from sernas.base.seeds import seed_of

Network = TypeVar("Network", bound=nn.Module)


def generator_of(name: str) -> torch.Generator:
    """A generator for the weight of that name, by what PyTorch's own was seeded with last."""
    return torch.Generator().manual_seed(seed_of(torch.initial_seed(), name))


def drawn_by_name(network: Network) -> Network:
    """``network``, of which what PyTorch's modules drew one after another is drawn anew."""
    seed = torch.initial_seed()
    with torch.random.fork_rng(devices=[]):
        for name, module in network.named_modules():
            if hasattr(module, "reset_parameters"):
                torch.manual_seed(seed_of(seed, name))
                module.reset_parameters()
    return network
