"""Batches of utterances that are about as long as one another, so that little is padding."""

from __future__ import annotations

from collections.abc import Sequence


def batches_by_length(lengths: Sequence[int], room: int, pads: bool) -> list[list[int]]:
    """Each utterance's number once, the longest first.

    Those come first, so that a batch that does not fit in memory is met at once.

    Args:
        lengths: of each utterance, in samples.
        room: samples in a batch, padding included; a longer utterance goes alone.
        pads: False: only utterances of the same length share a batch.
    """
    batches: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda n: (-lengths[n], n)):
        longest = lengths[batches[-1][0]] if batches else 0
        fits = batches and longest * (len(batches[-1]) + 1) <= room
        if fits and (pads or lengths[number] == longest):
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches
