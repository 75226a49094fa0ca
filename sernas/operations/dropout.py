"""Dropout whose masks take little of a step's time on the CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

VALUES = 2**16
"""Of the 16 bits that are drawn for each value."""


class Dropout(nn.Dropout):
    """``nn.Dropout``, with its share rounded to 1 / 65536 on the CPU, where PyTorch's draws take
    longer than all else that a value there goes through."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or x.device.type != "cpu":
            return super().forward(x)
        bits = torch.empty(-(-x.numel() // 4), dtype=torch.int64).random_(-(2**63), None)
        drawn = bits.view(torch.int16)[: x.numel()]  # -32768 to 32767
        kept = (drawn >= round(self.p * VALUES) - VALUES // 2).to(x.dtype).mul_(1 / (1 - self.p))
        return x * kept.as_strided(x.shape, torch.empty_like(x).stride())  # laid out as x is
