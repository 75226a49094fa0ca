"""Operations built for the layer that they are to stand in, and tried there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import torch
from torch import nn

from sernas.base.errors import SettingsError
from sernas.operations.norms import NormOf, Unnormalised
from sernas.operations.registry import OPERATIONS, Operation
from sernas.operations.source import Source

ROWS, COLUMNS = 9, 7  # of what operations are tried on


def built(
    names: Iterable[str],
    layer: str,
    channels: int,
    stride: int,
    norm: NormOf,
    *,
    sequences: bool = False,
) -> nn.ModuleDict:
    """Operations by their names.

    Args:
        layer: what messages call the place.
        sequences: they are to take (B, C, 1, T) alone.

    Raises:
        SettingsError: there is no such operation, or it does not do what the place needs.
    """
    operations = nn.ModuleDict()
    for name in names:
        operation = OPERATIONS[name]
        if complaint := _complaint(operation, channels, stride, 1 if sequences else ROWS):
            raise SettingsError(
                f"{layer} cannot hold the operation {name!r}: {complaint}; mend the operation, or "
                f"take it out of the candidates of {layer}"
            )
        operations[name] = operation.build(channels, stride, norm)
    return operations


@cache
def _complaint(operation: Operation, channels: int, stride: int, rows: int) -> str | None:
    """What is wrong with an operation there, if anything. Leaves torch's random numbers alone."""
    with torch.random.fork_rng(devices=()), torch.no_grad(), torch.device("cpu"):
        x = torch.randn(2, channels, rows, COLUMNS)
        try:
            module = operation.build(channels, stride, Unnormalised).eval()
            plain, doubled = module(Source(x), None), module(Source(x), torch.tensor(2.0))
        except Exception as error:  # whatever a user's module may raise
            return (
                f"expected one for (B, C, F, T) = {tuple(x.shape)} and stride {stride}, found "
                f"that it fails ({type(error).__name__}: {error})"
            )
    expected = (2, channels, -(-rows // stride), -(-COLUMNS // stride))
    if plain.shape != expected:
        return f"expected {expected} of {tuple(x.shape)}, found {tuple(plain.shape)}"
    if not torch.allclose(doubled, 2 * plain, rtol=1e-3, atol=1e-5):
        return "expected that the weight multiplies its output, found that it does not"
    return None
