"""Search spaces with as many kernels a layer as one likes."""

from __future__ import annotations

import random

from sernas.benchmarking.steps import SYSTEM
from sernas.models.cnn import CHANNELS
from sernas.space.choices import Choice, SearchSpace
from sernas.systems.card import search_space

REACH = 6  # rows and columns that hold every kernel


def space_of(n: int) -> SearchSpace:
    """``n`` kernels within 6x6 for each convolution; 6x6 is one, so that all spaces reach as far.

    A space holds every kernel of a smaller one.
    """
    shapes = [(f, t) for f in range(1, REACH + 1) for t in range(1, REACH + 1)]
    largest = f"{REACH}x{REACH}"
    others = [f"{f}x{t}" for f, t in shapes if f"{f}x{t}" != largest]
    random.Random(0).shuffle(others)
    kernels = (largest, *others[: n - 1])
    convolutions = (Choice(layer, kernels, largest) for layer in CHANNELS)
    return SearchSpace((*convolutions, search_space(SYSTEM)["attention"]))
