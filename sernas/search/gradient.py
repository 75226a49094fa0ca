"""Whether the architecture weights have a gradient, or noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


class ArchitectureGradient:
    """The gradients of the architecture weights in the steps of an epoch. Nothing here waits for
    the device but :meth:`figures`.

    Args:
        logits: (N,) a layer.
    """

    def __init__(self, logits: Sequence[nn.Parameter]):
        self._logits = logits
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """What comes next is another epoch."""
        zeros = torch.cat([a.detach() for a in self._logits]).double().zero_()
        self._steps, self._travel, self._sum, self._squares = 0, 0.0, zeros, zeros.clone()

    def note(self, rate: float) -> None:
        """A step was taken by the present gradients, at that learning rate."""
        found = [a.grad if a.grad is not None else torch.zeros_like(a) for a in self._logits]
        gradient = torch.cat(found).double()
        self._steps, self._travel = self._steps + 1, self._travel + rate**2
        self._sum, self._squares = self._sum + gradient, self._squares + gradient**2

    def figures(self) -> dict[str, float | None]:
        """``gradient``, the norm of the mean; ``gradient_noise``, that of the mean's standard
        error, of two steps at least; ``wander``, how far a logit would come by such steps of Adam
        if none had a direction. None where there was no step."""
        n = self._steps
        mean = self._sum / max(n, 1)
        variance = (self._squares / max(n, 1) - mean**2).clamp_min(0) / max(n - 1, 1)
        return {
            "gradient": float(mean.norm()) if n else None,
            "gradient_noise": math.sqrt(float(variance.sum())) if n > 1 else None,
            "wander": math.sqrt(self._travel) if n else None,
        }

    def state_dict(self) -> dict[str, Any]:
        return {
            "steps": self._steps,
            "travel": self._travel,
            "sum": self._sum,
            "squares": self._squares,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._steps, self._travel = state["steps"], state["travel"]
        self._sum, self._squares = (state[n].to(self._sum.device) for n in ("sum", "squares"))
