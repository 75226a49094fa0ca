"""How far an encoder looks along time, found by trying it."""

from __future__ import annotations

import copy
import logging
from typing import NamedTuple
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from sernas.space.mix import Mix, Mixing

LENGTHS = (256, 512, 1024, 2048)
"""Frames that an encoder is tried on, until they are four times its margin."""


class Reach(NamedTuple):
    """What a part of an utterance needs so that its steps are those of the whole.

    Attributes:
        shrinkage: frames of a step; parts begin and end at multiples of it, or with the utterance.
        margin: frames to be seen on either side; a multiple of the shrinkage.
    """

    shrinkage: int
    margin: int


_known: WeakKeyDictionary[nn.Module, dict[tuple, Reach | None]] = WeakKeyDictionary()


def reach_of(encoder: nn.Module, mixing: Mixing) -> Reach | None:
    """The reach of an encoder, or None where it sees all of an utterance at once.

    A copy of it, in double precision on the CPU, is given a frame of NaN, which shows in each step
    that depends on that frame, whatever the weights. That its steps depend on nothing else, such as
    their number or a NaN-proof mean, is then checked: those of a part must be those of the whole.

    Args:
        encoder: x (B, C, F, T) to sequences (B, T', D). Its ``tried_on``, (C, F), says on how large
            a frame all of its reach shows; if it has none, None is what is found.
    """
    known = _known.setdefault(encoder, {})
    chosen = tuple(sorted((layer, mix.candidates) for layer, mix in mixing.items()))
    if chosen not in known:
        known[chosen] = _tried(encoder, mixing) if hasattr(encoder, "tried_on") else None
        if known[chosen] is None:
            logging.info(
                "%s has no bounded reach along time: long utterances are encoded whole",
                type(encoder).__name__,
            )
    return known[chosen]


@torch.no_grad()
def _tried(encoder: nn.Module, mixing: Mixing) -> Reach | None:
    encoder = copy.deepcopy(encoder).cpu().double().eval()
    mixing = {layer: Mix(mix.candidates, _exact(mix.weights)) for layer, mix in mixing.items()}
    generator = torch.Generator().manual_seed(0)
    for frames in LENGTHS:
        x = torch.randn(1, *encoder.tried_on, frames, generator=generator, dtype=torch.double)
        steps = encoder(x, mixing)
        shrinkage = frames // steps.shape[1]
        middle = frames // 2 // shrinkage
        hidden = x.clone()
        hidden[..., middle * shrinkage : (middle + 1) * shrinkage] = torch.nan
        (touched,) = encoder(hidden, mixing)[0].isnan().any(1).nonzero(as_tuple=True)
        margin = shrinkage * int((touched - middle).abs().max()) if len(touched) else frames
        if margin <= frames // 4:
            part = encoder(x[..., shrinkage:-shrinkage], mixing)
            cut = margin // shrinkage
            inner = slice(cut, part.shape[1] - cut)
            same = torch.allclose(part[:, inner], steps[:, 1:-1][:, inner], rtol=1e-9, atol=1e-9)
            return Reach(shrinkage, margin) if same else None
    return None


def _exact(weights: Tensor | None) -> Tensor | None:
    return None if weights is None else weights.cpu().double()
