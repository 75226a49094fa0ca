"""Several networks of one system of Wu et al. 2022, each with an input of its own, as one.

On a GPU their kernels, widened to one shape, are the groups of one convolution; what comes behind
is batched products. Equal to one network after another but for rounding, with hardly more launches
than one, and what is not finite in one does not reach another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, vmap

from sernas.models.cnn import CHANNELS, CNN, FIRST
from sernas.models.cnn_rnn_att import CNNRNNAttention
from sernas.models.cnn_seqcap import CNNSeqCap
from sernas.models.gru import bidirectional
from sernas.models.system import OneStream, System
from sernas.operations.halving import halved
from sernas.operations.kernels import conv2d_same, side_by_side
from sernas.space.mix import Mix


def stacks(network: System) -> bool:
    """Whether it can be one of several: a plain network of kernels alone, without dropout, whose
    draws would depend on what else is drawn."""
    return (
        isinstance(network, CNNRNNAttention | CNNSeqCap)
        and network.space.size == 1
        and isinstance(network.dropout, nn.Identity)
        and all(getattr(network.encoder, layer).merges for layer in CHANNELS)
    )


def stacked_scores(networks: Sequence[OneStream], x: Tensor) -> Tensor:
    """The scores of each network, before the softmax.

    Args:
        networks: N of one system, each of which :func:`stacks`; architectures may differ.
        x: (B, N, F, T), the input of each; or (B, 1, F, T), which all see.

    Returns:
        (N, B, classes).
    """
    sequences = _encoded([network.encoder for network in networks], x)
    if isinstance(networks[0], CNNSeqCap):
        return _each([_Head(network) for network in networks], sequences)
    steps, states = bidirectional([network.gru for network in networks], sequences)
    attentions = [network.attention for network in networks]
    if networks[0].sees_steps:
        return _each(attentions, steps, Mix()).mean(2)
    return _each(attentions, states, Mix())


def _encoded(encoders: Sequence[CNN], x: Tensor) -> Tensor:
    """(B, N or 1, F, T) -> (N, B, T // 4, D)."""
    if x.device.type == "cpu":  # where arithmetic takes the time, and groups take longer
        mixing, own = dict.fromkeys(CHANNELS, Mix()), x.expand(-1, len(encoders), -1, -1)
        each = zip(encoders, own.split(1, 1), strict=True)
        return torch.stack([encoder(x, mixing) for encoder, x in each])
    return _in_groups(encoders, x)


def _in_groups(encoders: Sequence[CNN], x: Tensor) -> Tensor:
    """As :func:`_encoded`, by convolutions of N groups; see :meth:`CNN.plain`."""
    n = len(encoders)

    def kernels_of(*layers: str) -> tuple[Tensor, Tensor]:
        each = [getattr(encoder, layer) for encoder in encoders for layer in layers]
        return side_by_side([layer.merged(Mix()) for layer in each])

    h = halved(conv2d_same(x, *kernels_of(*FIRST), groups=x.shape[1]))
    for layer, window in (("conv2d_3", (2, 2)), ("conv2d_4", (8, 2))):
        h = conv2d_same(h, *kernels_of(layer), groups=n)
        h = F.relu(F.max_pool2d(h, window))
    return h.unflatten(1, (n, -1)).flatten(2, 3).permute(1, 0, 3, 2)


class _Head(nn.Module):
    """What scores encoded sequences (B, T', D); its parameters are those behind the encoder."""

    def __init__(self, network: OneStream):
        super().__init__()
        self.behind = nn.ModuleDict({k: m for k, m in network.named_children() if k != "encoder"})
        self.network = [network]  # no part of it

    def forward(self, sequences: Tensor) -> Tensor:
        (network,) = self.network
        return network.classify(sequences, None, network.plain())


def _each(modules: Sequence[nn.Module], x: Tensor, *shared: object) -> Tensor:
    """Module by module of its own x: (N, ...) -> (N, ...).

    One that is narrower than another is filled up with zeros, which have no effect: attention and
    dense layers are searched by width alone.
    """

    def called(parameters: Mapping[str, Tensor], x: Tensor) -> Tensor:
        return functional_call(modules[0], parameters, (x, *shared))

    named = zip(*(module.named_parameters() for module in modules), strict=True)
    stacked = {each[0][0]: _filled([parameter for _, parameter in each]) for each in named}
    with torch.autocast(x.device.type, enabled=False):  # which vmap does not know everywhere
        return vmap(called)(stacked, x.to(stacked[next(iter(stacked))]))


def _filled(parameters: Sequence[Tensor]) -> Tensor:
    """(N, ...): of different sizes, with zeros at the end of the smaller ones."""
    sizes = [max(sizes) for sizes in zip(*(p.shape for p in parameters), strict=True)]
    margins = [
        [m for size, own in zip(sizes[::-1], p.shape[::-1], strict=True) for m in (0, size - own)]
        for p in parameters
    ]
    return torch.stack(
        [F.pad(p, m) if any(m) else p for p, m in zip(parameters, margins, strict=True)]
    )
