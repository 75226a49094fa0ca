"""A picture of one recording: its samples above, the probabilities of emotions over time below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from sernas.release.model import Segment
from sernas.release.source import Audio, Source
from sernas.reporting.fig3 import DASHES
from sernas.reporting.style import save, styled

RATE, SPAN = 8000, 80
"""Hz at which the samples are drawn, and how many of them as one: 10 ms, so that those of hours are
few."""
MOST = 1500
"""Spans that are told apart."""
DPI = 150


def envelope(audio: Audio, rate: int | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(n,) the middle of spans of equal length in seconds, their lowest and highest samples."""
    held, ends = np.empty(0, np.float32), []
    for block in Source(audio, rate).blocks(RATE):
        held = np.concatenate([held, block])
        whole = held[: len(held) // SPAN * SPAN].reshape(-1, SPAN)
        ends.append(np.stack([whole.min(1), whole.max(1)], 1))
        held = held[whole.size :]
    every = np.concatenate(ends)
    joined = -(-len(every) // MOST) or 1
    starts = np.arange(0, len(every), joined)
    low, high = np.minimum.reduceat(every[:, 0], starts), np.maximum.reduceat(every[:, 1], starts)
    return (starts + joined / 2) * SPAN / RATE, low, high


def draw_timeline(
    audio: Audio,
    segments: Sequence[Segment],
    emotions: Sequence[str],
    title: str,
    out: str | Path,
    rate: int | None = None,
) -> None:
    """Draw a PNG, or a PDF by its name.

    Args:
        audio: a file, or samples.
        segments: of it, in order.
        emotions: the classes.
        rate: of samples, in Hz.
    """
    times, low, high = envelope(audio, rate)
    first, last = segments[0], segments[-1]
    middle = [(segment.start + segment.end) / 2 for segment in segments]
    at = [first.start, *middle, last.end]  # what is nearest says what lies before and behind
    values = np.array([each.probabilities for each in (first, *segments, last)])
    with styled():
        figure = Figure(figsize=(7.0, 3.6), layout="constrained")
        figure.suptitle(title)
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1, 2])
        above.fill_between(times, low, high, color="0.35", linewidth=0)
        above.set_ylabel("samples")
        for of_emotion, emotion, dashes in zip(values.T, emotions, cycle(DASHES), strict=False):
            below.plot(
                at,
                of_emotion,
                linestyle=dashes,
                label=emotion,
                marker="o" if len(middle) < 40 else "",
                markersize=3,
                markevery=slice(1, -1),
            )
        below.set(xlabel="time (s)", ylabel="probability", ylim=(0, 1))
        below.set_xlim(0, last.end)
        figure.legend(loc="outside right center")
        save(figure, out, DPI)
