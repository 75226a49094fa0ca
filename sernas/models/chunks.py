"""Long utterances, encoded chunk by chunk: what they take does not grow with their length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from torch import Tensor, nn

from sernas.base.interrupts import stop_if_asked
from sernas.models.reach import Reach, Recording, reach_of
from sernas.space.mix import Mixing

CHUNK = 2**22
"""Values of an input that are encoded at once; an encoder may have its own, as ``chunk``.

At 4096 bins these are 1024 frames, 10 s, for which the CNN of Wu et al. 2022 takes 0.65 GB.
"""


def is_long(encoder: nn.Module, x: Recording) -> bool:
    """Whether an utterance is more than what is encoded at once."""
    return x.shape[2] > chunk_length(encoder, x)


def pieces(encoder: nn.Module, x: Recording, mixing: Mixing) -> Sequence[Tensor]:
    """The steps of an utterance, (1, n, D) in each piece: equal to the whole's but for rounding.

    Pieces are encoded whenever they are asked for, and not kept. An encoder that looks at all of an
    utterance makes one piece of it; one that knows a better way has a method of this name.

    Raises:
        Interrupted: when one is asked for and a signal asks the job to end.
    """
    if hasattr(encoder, "pieces"):
        return encoder.pieces(x, mixing)
    if reach := reach_of(encoder, mixing):
        return _Chunks(encoder, x, mixing, reach)
    return [encoder(x[..., : x.shape[2]][None], mixing)]


def parts(encoder: nn.Module, x: Recording) -> Iterator[tuple[int, int, Tensor]]:
    """Parts without margins: from which frame to before which, and these, (1, C, F, n)."""
    for start, stop in pairwise(_bounds(encoder, x, 1)):
        stop_if_asked()
        yield start, stop, x[..., start:stop][None]


def mean_over_pieces(sequence: Iterable[Tensor]) -> Tensor:
    """(1, n, D) of each piece -> (1, D): the mean over all steps."""
    total, steps = 0, 0
    for piece in sequence:
        total, steps = total + piece.sum(1), steps + piece.shape[1]
    return total / steps


class _Chunks(Sequence[Tensor]):
    """Each chunk is encoded with margins of its neighbours' frames, whose steps are cut off."""

    def __init__(self, encoder: nn.Module, x: Recording, mixing: Mixing, reach: Reach):
        self.encoder, self.x, self.mixing, self.reach = encoder, x, mixing, reach
        self.spans = list(pairwise(_bounds(encoder, x, reach.shrinkage)))

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, i: int) -> Tensor:
        stop_if_asked()
        return self.reach.encoded(self.encoder, self.x, self.mixing, *self.spans[i])


def chunk_length(encoder: nn.Module, x: Recording) -> int:
    """Frames of what is encoded at once."""
    channels, bins, _ = x.shape
    return max(1, getattr(encoder, "chunk", CHUNK) // (channels * bins))


def _bounds(encoder: nn.Module, x: Recording, multiple: int) -> list[int]:
    """Where chunks of about one length begin, at multiples of ``multiple``, and the end."""
    frames = x.shape[2]
    number = max(1, min(-(-frames // chunk_length(encoder, x)), frames // multiple))
    return [*(frames * i // number // multiple * multiple for i in range(number)), frames]
