"""Capsules: squashing and routing by agreement (Sabour et al. 2017)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

ITERATIONS = 3


def lengths_of(v: Tensor) -> Tensor:
    """(..., D) -> (...): Euclidean lengths, differentiable at zero."""
    return (v.square().sum(-1) + 1e-12).sqrt()


def squash(s: Tensor) -> Tensor:
    """(..., D) -> (..., D): each vector shrunk to a length below 1 (Sabour et al. 2017, Eq. 1)."""
    n = lengths_of(s).unsqueeze(-1)
    return s * (n / (1 + n.square()))


def route(
    votes: Tensor, bias: Tensor, over: Tensor | None = None, iterations: int = ITERATIONS
) -> Tensor:
    """Dynamic routing (Sabour et al. 2017, Procedure 1).

    Args:
        votes: (B, I, J, D) prediction vectors of I capsules for J; a zero vote has no effect.
        bias: (J, D).
        over: (B,) what each sum of votes is divided by; None: nothing.

    Returns:
        (B, J, D) output capsules.
    """
    logits = votes.new_zeros(votes.shape[:3])
    for iteration in range(iterations):
        coupling = torch.softmax(logits, dim=2)
        total = torch.einsum("bij,bijd->bjd", coupling, votes)
        v = squash((total if over is None else total / over[:, None, None]) + bias)
        if iteration < iterations - 1:
            logits = logits + torch.einsum("bijd,bjd->bij", votes, v)
    return v


def xavier_transforms_(
    transforms: Tensor, inputs: int, outputs: int, generator: torch.Generator
) -> None:
    """Fill transforms (..., D) by the Xavier rule of one: each takes ``inputs`` values to
    ``outputs``."""
    bound = math.sqrt(6 / (inputs + outputs))
    nn.init.uniform_(transforms, -bound, bound, generator)
