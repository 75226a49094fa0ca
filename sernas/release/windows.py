"""A recording of any length in windows, a few of them in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np


def windows(
    blocks: Iterable[np.ndarray], length: int, hop: int
) -> Iterator[tuple[int, np.ndarray]]:
    """(first sample, samples (n,)) of windows that begin every ``hop`` samples.

    All are ``length`` long. The last, which may overlap more, ends with the recording; it is
    shorter if the recording is, and then the only one.

    Args:
        blocks: the recording in pieces (N,).
        hop: at most ``length``, so that nothing is left out.
    """
    held, first, end = np.empty(0, np.float32), 0, 0  # end: of what was handed out
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= (hop if end else 0) + length:
            if end:
                held, first = held[hop:], first + hop
            yield first, held[:length]
            end = first + length
    if first + len(held) > end:
        start = max(0, len(held) - length)
        yield first + start, held[start:]
