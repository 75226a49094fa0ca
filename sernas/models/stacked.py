"""Several networks of one system of Wu et al. 2022, each with an input of its own, as one.

Their kernels, widened to one shape, are the groups of one convolution; what comes behind is batched
products. Equal to one network after another but for rounding, and of as many launches as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, vmap

from sernas.models.cnn import CHANNELS, CNN
from sernas.models.cnn_rnn_att import CNNRNNAttention
from sernas.models.cnn_seqcap import CNNSeqCap
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


def stacked_scores(networks: Sequence[OneStream], inputs: Sequence[Tensor]) -> Tensor:
    """The scores of each network, before the softmax.

    Args:
        networks: N of one system, each of which :func:`stacks`; architectures may differ.
        inputs: x (B, 1, F, T) of each.

    Returns:
        (N, B, classes).
    """
    sequences = _encoded([network.encoder for network in networks], torch.cat([*inputs], 1))
    if isinstance(networks[0], CNNSeqCap):
        return _each([_Head(network) for network in networks], sequences)
    steps, states = _recurrent([network.gru for network in networks], sequences)
    attentions = [network.attention for network in networks]
    if networks[0].sees_steps:
        return _each(attentions, steps, Mix()).mean(2)
    return _each(attentions, states, Mix())


def _encoded(encoders: Sequence[CNN], x: Tensor) -> Tensor:
    """(B, N, F, T) -> (N, B, T // 4, D); see :meth:`CNN.plain`."""
    n, mixing = len(encoders), dict.fromkeys(CHANNELS, Mix())

    def convolved(x: Tensor, convolutions: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
        return conv2d_same(x, *side_by_side(convolutions), groups=n)

    h = halved(convolved(x, [encoder.first_kernel(mixing) for encoder in encoders]))
    for layer, window in (("conv2d_3", (2, 2)), ("conv2d_4", (8, 2))):
        h = convolved(h, [getattr(encoder, layer).merged(Mix()) for encoder in encoders])
        h = F.relu(F.max_pool2d(h, window))
    return h.unflatten(1, (n, -1)).flatten(2, 3).permute(1, 0, 3, 2)


def _recurrent(grus: Sequence[nn.GRU], x: Tensor) -> tuple[Tensor, Tensor]:
    """(N, B, T, D) -> the steps (N, B, T, 2 * units), and the last state of each direction beside
    each other (N, B, 2 * units)."""
    if x.device.type == "cpu":  # where arithmetic takes the time
        steps, states = zip(*(gru(own) for gru, own in zip(grus, x, strict=True)), strict=True)
        return torch.stack(steps), torch.cat([*torch.stack(states, 1)], 2)
    return _as_one_gru(grus, x)


def _as_one_gru(grus: Sequence[nn.GRU], x: Tensor) -> tuple[Tensor, Tensor]:
    """As :func:`_recurrent`, by one GRU of all their units, which see those of their own alone.

    It multiplies the arithmetic by N: cuDNN takes as many launches for one GRU as for each of N.
    """
    n, units = len(grus), grus[0].hidden_size
    own = torch.eye(n, dtype=x.dtype, device=x.device)

    def joined(weights: Sequence[Tensor]) -> Tensor:
        weights = torch.stack(weights).unflatten(1, (3, units))
        if weights.dim() == 3:  # biases (N, 3, units)
            return weights.transpose(0, 1).flatten()
        return torch.einsum("ngui,nm->gnumi", weights, own).flatten(3).flatten(0, 2)

    flat = [joined(each) for each in zip(*(gru.parameters() for gru in grus), strict=True)]
    together = x.permute(1, 2, 0, 3).flatten(2)  # (B, T, N * D)
    start = together.new_zeros(2, len(together), n * units)
    steps, states = torch.gru(together, start, flat, True, 1, 0.0, True, True, True)
    steps = steps.unflatten(2, (2, n, units)).permute(3, 0, 1, 2, 4).flatten(3)
    return steps, states.unflatten(2, (n, units)).permute(2, 1, 0, 3).flatten(2)


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
    return vmap(called)(stacked, x)


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
