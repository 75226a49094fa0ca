"""How far an encoder looks along time, found by trying it."""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from typing import NamedTuple, Protocol
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from sernas.space.mix import Mix, Mixing

LENGTHS = (512, 2048)
"""Frames that an encoder is tried on, until they are four times its margin."""


class Recording(Protocol):
    """An utterance of one stream, of which parts are made when they are asked for; or a tensor."""

    shape: Sequence[int]  # (C, F, T)

    def __getitem__(self, part: tuple[object, slice]) -> Tensor:
        """``[..., start:stop]``: (C, F, stop - start)."""


class Reach(NamedTuple):
    """What a part of an utterance needs so that its steps are those of the whole.

    Attributes:
        shrinkage: frames of a step; parts begin and end at multiples of it, or with the utterance.
        margin: frames to be seen on either side; a multiple of the shrinkage.
    """

    shrinkage: int
    margin: int

    def unaware_of(self, frames: int) -> int:
        """Of how many frames the steps do not depend on what is behind so many."""
        return max(0, frames - self.margin) // self.shrinkage * self.shrinkage

    def encoded(
        self, encoder: nn.Module, x: Recording, mixing: Mixing, start: int, stop: int
    ) -> Tensor:
        """The steps of the frames ``start`` to ``stop``, (1, n, D): those of the margins are cut
        off."""
        first = max(0, start - self.margin)
        steps = encoder(x[..., first : stop + self.margin][None], mixing)
        begin = (start - first) // self.shrinkage
        end = None if stop == x.shape[-1] else begin + (stop - start) // self.shrinkage
        return steps[:, begin:end]


_known: WeakKeyDictionary[nn.Module, dict[tuple, Reach | None]] = WeakKeyDictionary()


def reach_of(encoder: nn.Module, mixing: Mixing) -> Reach | None:
    """The reach of an encoder, or None where it sees all of an utterance or cannot be tried.

    A copy of it, in double precision on the CPU, is given some frames of NaN, which show in each
    step that depends on them, whatever the weights. That its steps depend on nothing else, such as
    where they are, how many there are, or a mean that hides a NaN, is then checked: those of two
    halves must be those of the whole.

    Args:
        encoder: x (B, C, F, T) to sequences (B, T', D). Its ``tried_on``, (C, F), says on how large
            a frame all of its reach shows.
    """
    known = _known.setdefault(encoder, {})
    chosen = tuple(sorted((layer, mix.candidates) for layer, mix in mixing.items()))
    if chosen not in known:
        known[chosen], why = None, "it sees all of an utterance"
        try:
            known[chosen] = _tried(encoder, mixing)
        except Exception as error:  # whatever a user's module may raise
            why = f"trying it failed ({type(error).__name__}: {error})"
        if known[chosen] is None:
            logging.info(
                "%s encodes long utterances whole, in memory that grows with them: %s",
                type(encoder).__name__,
                why,
            )
    return known[chosen]


@torch.no_grad()
def _tried(encoder: nn.Module, mixing: Mixing) -> Reach | None:
    encoder = copy.deepcopy(encoder).cpu().double().eval()
    mixing = {layer: Mix(mix.candidates, _exact(mix.weights)) for layer, mix in mixing.items()}
    generator = torch.Generator().manual_seed(0)
    for frames in LENGTHS:
        half = frames // 2
        x = torch.randn(*encoder.tried_on, frames, generator=generator, dtype=torch.double)
        x[..., half:] += 1  # so that nothing on average is the same in both halves
        steps = encoder(x[None], mixing)
        shrinkage = frames // steps.shape[1]
        hidden = x.clone()
        hidden[..., half : half + shrinkage] = torch.nan
        (touched,) = encoder(hidden[None], mixing)[0].isnan().any(1).nonzero(as_tuple=True)
        margin = shrinkage * int((touched - half // shrinkage).abs().max())
        if margin <= frames // 4 and half % shrinkage == 0:
            reach = Reach(shrinkage, margin)
            spans = (0, half), (half, frames)
            halves = [reach.encoded(encoder, x, mixing, *span) for span in spans]
            same = torch.allclose(torch.cat(halves, 1), steps, rtol=1e-9, atol=1e-9)
            return reach if same else None
    return None


def _exact(weights: Tensor | None) -> Tensor | None:
    return None if weights is None else weights.cpu().double()
