"""Layers that hold candidate operations and mix them: Eq. (1) of Wu et al. 2022.

A layer with one candidate is the plain layer; nothing else defines one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.base.errors import SettingsError
from sernas.operations.building import built
from sernas.operations.kernels import conv2d_same, joint_shape, placement
from sernas.operations.norms import Unnormalised
from sernas.operations.source import Source
from sernas.space.choices import Choice
from sernas.space.kernels import is_kernel, kernel
from sernas.space.mix import Mix


class MixedLayer(nn.Module):
    """Candidates of a convolutional layer, mixed: (B, C, F, T) -> (B, C', F, T).

    Those that are kernels are 'same' convolutions, and take part as one:
    ``sum_i a_i conv(x, W_i) = conv(x, sum_i a_i pad(W_i))``, since the mixture is linear in them.
    Any other is an operation of the registry, without a norm, and is added beside it. The ReLU
    comes after the mixture and is the caller's, unless ``relu_inside``: then it is part of each
    candidate, and each is computed by itself.

    Every candidate has weights of its own, and one that takes no part in a step gets no gradient.

    Raises:
        SettingsError: an operation that is not there, or cannot stand in this layer.
    """

    def __init__(
        self, choice: Choice, in_channels: int, out_channels: int, relu_inside: bool = False
    ):
        super().__init__()
        self.candidates = choice.candidates
        kernels = [name for name in choice.candidates if is_kernel(name)]
        others = [name for name in choice.candidates if not is_kernel(name)]
        if others and in_channels != out_channels:
            raise SettingsError(
                f"{choice.layer} makes {out_channels} channels of {in_channels}, which operations "
                f"cannot; expected kernels alone, found {', '.join(others)}; take them out of the "
                f"candidates of {choice.layer}"
            )
        self.channels = out_channels, in_channels
        self.shapes = tuple(map(kernel, kernels))
        self.weights = nn.ParameterList(
            torch.empty(out_channels, in_channels, *shape) for shape in self.shapes
        )
        self.biases = nn.ParameterList(torch.empty(out_channels) for _ in kernels)
        self.operations = built(others, choice.layer, in_channels, 1, Unnormalised)
        self.relu_inside = relu_inside

    @property
    def alone(self) -> bool:
        """Whether it is to run by itself: its candidates end in a ReLU, or a hook looks at it."""
        return self.relu_inside or bool(self._forward_hooks)

    @property
    def merges(self) -> bool:
        """Whether :meth:`merged` is all that it does, and whoever calls may do it."""
        return not (self.alone or self.operations)

    by_weights = merges
    """Whether all candidates may be computed whichever take part, the others by weights of zero."""

    @property
    def number(self) -> int:
        """Of candidates."""
        return len(self.candidates)

    def own(self, i: int) -> list[nn.Parameter]:
        """The parameters of candidate ``i``, a kernel, where there are kernels alone."""
        return [self.weights[i], self.biases[i]]

    def merged(self, mix: Mix) -> tuple[Tensor, Tensor]:
        """The kernel (C', C, KF, KT) and bias (C',) that do what a mixture of kernels does.

        Args:
            mix: of the kernels alone, as if there were no other candidates. Of none: zeros.
        """
        if not mix.candidates:
            zeros = mix.weights.new_zeros(*self.channels, 1, 1)
            return zeros, zeros[:, 0, 0, 0]
        if mix.weights is None:
            (i,) = mix.candidates
            return self.weights[i], self.biases[i]
        a = mix.weights
        places, owners, picks = placement(self.shapes, mix.candidates, a.device)
        taps = torch.cat([self.weights[i].flatten(2) for i in mix.candidates], 2)  # (C', C, S)
        merged = taps @ (places.to(a) * (owners.to(a) @ a).unsqueeze(1))
        biases = torch.stack([self.biases[i] for i in mix.candidates], 1)  # (C', n)
        shape = joint_shape([self.shapes[i] for i in mix.candidates])
        return merged.unflatten(2, shape), biases @ (picks.to(a) @ a)

    def branches(self, x: Tensor, mix: Mix) -> Tensor:
        """The mixture literally as Eq. (1) has it, candidate by candidate."""
        out, source = 0, Source(x)
        for i in mix.candidates:
            name = self.candidates[i]
            if name in self.operations:
                h = self.operations[name](source, None)
            else:
                at = self._number(i)
                h = conv2d_same(x, self.weights[at], self.biases[at])
            a = 1.0 if mix.weights is None else mix.weights[i]
            out = out + a * (F.relu(h) if self.relu_inside else h)
        return out

    def forward(self, x: Tensor, mix: Mix) -> Tensor:
        """(B, C, F, T) -> (B, C', F, T); zeros where no candidate takes part."""
        if not mix.candidates:
            return conv2d_same(x, *self.merged(mix))
        if self.relu_inside:
            return self.branches(x, mix)
        kernels, others = self._divided(mix)
        parts = [conv2d_same(x, *self.merged(kernels))] if kernels.candidates else []
        source = Source(x)
        for i in others:
            weight = None if mix.weights is None else mix.weights[i]
            parts.append(self.operations[self.candidates[i]](source, weight))
        return reduce(torch.add, parts)

    def _number(self, i: int) -> int:
        """That of candidate ``i``, a kernel, among the kernels."""
        return sum(map(is_kernel, self.candidates[:i]))

    def _divided(self, mix: Mix) -> tuple[Mix, tuple[int, ...]]:
        """The mix of the kernels, and the candidates that are others."""
        if not self.operations:
            return mix, ()
        ours = [i for i, name in enumerate(self.candidates) if name not in self.operations]
        kernels = tuple(at for at, i in enumerate(ours) if i in mix.candidates)
        weights = None
        if kernels and mix.weights is not None:
            weights = torch.stack([mix.weights[i] for i in ours])
        return Mix(kernels, weights), tuple(i for i in mix.candidates if i not in ours)


class MixedBlocks(nn.Module):
    """Candidate blocks that all end in the class scores; the scores are mixed."""

    by_weights = True  # they are small

    def __init__(self, blocks: Sequence[nn.Module]):
        super().__init__()
        self.blocks = nn.ModuleList(blocks)

    @property
    def number(self) -> int:
        """Of candidates."""
        return len(self.blocks)

    def own(self, i: int) -> list[nn.Parameter]:
        """The parameters of candidate ``i``."""
        return list(self.blocks[i].parameters())

    def forward(self, x: Tensor, mix: Mix) -> Tensor:
        """(..., D) -> (..., classes); zeros where no candidate takes part."""
        if mix.weights is None:
            (i,) = mix.candidates
            return self.blocks[i](x)
        if not mix.candidates:
            with torch.no_grad():
                scores = self.blocks[0](x)
            # of x, so that a loss can be derived though no candidate has a gradient
            return torch.zeros_like(scores) + 0 * x.sum(-1, keepdim=True)
        return sum(mix.weights[i] * self.blocks[i](x) for i in mix.candidates)
