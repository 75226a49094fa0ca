"""The CNN module that both systems of Wu et al. 2022 share (Table 1)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sernas.base.errors import SettingsError
from sernas.operations.folded import FOLDS, conv2d_folded, conv2d_folding, pays
from sernas.operations.folded_pools import pooled
from sernas.operations.halving import halved
from sernas.operations.kernels import conv2d_same, side_by_side
from sernas.operations.mixed_layer import MixedLayer
from sernas.space.choices import SearchSpace
from sernas.space.mix import Mixing

CHANNELS = {"conv2d_1": (1, 8), "conv2d_2": (1, 8), "conv2d_3": (16, 16), "conv2d_4": (16, 16)}
"""What goes into each layer, and what comes out."""
FIRST = ("conv2d_1", "conv2d_2")
FREQUENCY_POOLING = 32


class CNN(nn.Module):
    """(B, 1, F, T) -> (B, T // 4, 16 * (F // 32)): a spectrogram to a sequence of features.

    Raises:
        SettingsError: fewer than 32 bins, which the pooling leaves nothing of, or a candidate that
            cannot stand in its layer.
    """

    tried_on = (1, FREQUENCY_POOLING)  # see models/reach.py

    def __init__(self, space: SearchSpace, n_bins: int, relu_inside: bool = False):
        super().__init__()
        if n_bins < FREQUENCY_POOLING:
            raise SettingsError(
                f"the CNN needs spectrograms of at least {FREQUENCY_POOLING} bins, found {n_bins}; "
                "raise features.n_fft, features.n_mels or the width of the band"
            )
        for layer, channels in CHANNELS.items():
            self.add_module(layer, MixedLayer(space[layer], *channels, relu_inside))
        self.channels = CHANNELS["conv2d_4"][1]
        self.rows = n_bins // FREQUENCY_POOLING

    @property
    def features(self) -> int:
        """Features D of a step."""
        return self.channels * self.rows

    def forward(self, x: Tensor, mixing: Mixing) -> Tensor:
        """(B, 1, F, T) -> (B, T // 4, 16 * (F // 32))."""
        if pays(x) and all(getattr(self, layer).merges for layer in CHANNELS):
            return self.folded(x, mixing)
        return self.plain(x, mixing)

    def folded(self, x: Tensor, mixing: Mixing, folds: tuple[int, int, int] = FOLDS) -> Tensor:
        """As :meth:`forward`, with rows folded into channels, where each layer merges.

        Args:
            folds: rows of a group in the first two layers, in Conv2d_3 and in Conv2d_4; powers
                of 2.
        """
        first, third, fourth = folds
        h = conv2d_folding(x, *self.first_kernel(mixing), first)
        h = pooled(h, 2, 1, third)
        h = conv2d_folded(h, *self.conv2d_3.merged(mixing["conv2d_3"]))
        h = pooled(h, 2, 2, fourth)
        h = conv2d_folded(h, *self.conv2d_4.merged(mixing["conv2d_4"]))
        h = pooled(h, 8, 2, 1)
        return h.unfolded().flatten(1, 2).transpose(1, 2)

    def plain(self, x: Tensor, mixing: Mixing) -> Tensor:
        """As :meth:`forward`, layer by layer as they stand in the paper."""
        if not torch.compiler.is_exporting():
            # a tensor of one channel counts as channels_last only by its strides
            x = x.contiguous().as_strided(x.shape, (x[0].numel(), 1, x.shape[3], 1))
        h = self.first(x, mixing)
        # max and ReLU commute; the ReLU is cheaper after the pool
        h = halved(h)
        h = F.relu(F.max_pool2d(self.mixture("conv2d_3", h, mixing), 2))
        h = self.mixture("conv2d_4", h, mixing)
        h = F.relu(F.max_pool2d(h, (8, 2)))  # 2x2, then 4x1
        return h.flatten(1, 2).transpose(1, 2)

    def mixture(self, layer: str, x: Tensor, mixing: Mixing) -> Tensor:
        """One layer, before its ReLU: (B, C, F, T) -> (B, C', F, T)."""
        return getattr(self, layer)(x, mixing[layer])

    def first(self, x: Tensor, mixing: Mixing) -> Tensor:
        """Conv2d_1 and Conv2d_2 side by side, as one convolution: (B, 1, F, T) -> (B, 16, F, T).

        They hold kernels alone, as operations do not change the number of channels.
        """
        if any(getattr(self, layer).alone for layer in FIRST):
            return torch.cat([self.mixture(layer, x, mixing) for layer in FIRST], 1)
        return conv2d_same(x, *self.first_kernel(mixing))

    def first_kernel(self, mixing: Mixing) -> tuple[Tensor, Tensor]:
        """Kernel (16, 1, KF, KT) and bias (16,) of Conv2d_1 and Conv2d_2 side by side."""
        return side_by_side([getattr(self, layer).merged(mixing[layer]) for layer in FIRST])
