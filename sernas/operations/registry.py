"""The candidate operations by name. Light: torch is imported when one is built.

An operation may stand in any layer that keeps the number of channels: on the edges of cells, and
beside the kernels of a convolution. A candidate that is called ``none`` is nothing, and no
operation. A new one is a card, of ours in :mod:`sernas.operations.candidates`, of a user in a file
under ``plugins``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sernas.base.errors import SettingsError
from sernas.base.registry import Registry, load
from sernas.space.cells import NONE
from sernas.space.choices import SearchSpace
from sernas.space.kernels import is_kernel

if TYPE_CHECKING:
    from torch import nn

    from sernas.operations.norms import NormOf

    Builder = Callable[[int, int, NormOf], nn.Module]
    """Takes channels, stride and what makes the norm."""

NAME = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True)
class Operation:
    """A candidate operation.

    Attributes:
        name: in a search space and in an architecture.
        builder: takes the number of channels C, the stride, and what makes the norm that is to
            stand behind the operation; returns the module. Or its dotted name.

    The module takes a :class:`sernas.operations.source.Source` of x, (B, C, F, T), and the weight
    of its output, a scalar, or None for 1; it returns (B, C, ceil(F / stride), ceil(T / stride)).
    Where it holds convolutions of its own, these are initialised by the network.

    Raises:
        SettingsError: the name is no word, or that of a kernel, of a width, or ``none``.
    """

    name: str
    builder: str | Builder

    def __post_init__(self) -> None:
        if self.name == NONE or not NAME.fullmatch(self.name):
            raise SettingsError(
                "an operation's name must be letters, digits and underscores, begin with a letter "
                f"and not be {NONE}; found {self.name!r}; give it another"
            )

    def build(self, channels: int, stride: int, norm: NormOf) -> nn.Module:
        """The module, of new weights."""
        return load(self.builder)(channels, stride, norm)


OPERATIONS: Registry[Operation] = Registry("operation", "sernas.operations.candidates")


def check_candidates(space: SearchSpace, candidates: Mapping[str, Sequence[str]]) -> None:
    """Raise SettingsError for a candidate of a configuration that cannot be what its layer holds.

    Args:
        space: of a system, with the candidates of its own.
        candidates: those in their place; layers that the space lacks do not count.
    """
    given = space.with_candidates(candidates)
    for own, choice in zip(space.choices, given.choices, strict=True):
        kernels = any(map(is_kernel, own.buildable))
        for name in choice.candidates:
            possible = name in own.buildable or own.holds_widths or name in OPERATIONS
            if not possible and not (kernels and is_kernel(name)):
                raise SettingsError(
                    f"space.candidates: {choice.layer} cannot be {name!r}; choose "
                    f"{'a kernel such as 5x4, or ' if kernels else ''}one of the operations "
                    f"{', '.join(sorted(OPERATIONS))}, or add yours by plugins"
                )
