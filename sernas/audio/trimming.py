"""Where a recording's sound begins and ends, found piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

STEP_S = 0.032  # librosa's 512 samples at 16 kHz; a frame is four steps, its 2048


def sounding(blocks: Iterable[np.ndarray], rate: int, trim_db: float) -> tuple[int, int]:
    """(first, end) of the samples that are left once silence at both ends is trimmed.

    They are those of ``librosa.effects.trim`` with frames of 128 ms every 32 ms, in memory that
    grows by 8 bytes every 32 ms: from the first to the last frame whose root mean square is less
    than ``trim_db`` decibels below the loudest frame's.

    Args:
        blocks: samples (N,) float32, in pieces, at ``rate`` Hz.
    """
    import librosa  # takes a second

    step = round(STEP_S * rate)
    beyond = np.zeros(2 * step, np.float32)  # half a frame at either end
    held, energies, samples = beyond[:0], [], -2 * len(beyond)
    for block in chain([beyond], blocks, [beyond]):
        held, samples = np.concatenate([held, block]), samples + len(block)
        whole = len(held) // step * step
        squares = np.square(held[:whole], dtype=np.float64)
        energies.append(squares.reshape(-1, step).sum(axis=1))
        held = held[whole:]
    of_frames = np.lib.stride_tricks.sliding_window_view(np.concatenate(energies), 4).sum(axis=1)
    level = librosa.amplitude_to_db(np.sqrt(of_frames / (4 * step)), ref=np.max, top_db=None)
    loud = np.flatnonzero(level > -trim_db)
    return int(loud[0]) * step, min((int(loud[-1]) + 1) * step, samples)


def part_of(blocks: Iterable[np.ndarray], first: int, end: int) -> Iterator[np.ndarray]:
    """The samples ``first`` to ``end`` of all, in pieces."""
    start = 0
    for block in blocks:
        yield block[max(first - start, 0) : max(end - start, 0)]
        start += len(block)
