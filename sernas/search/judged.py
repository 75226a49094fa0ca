"""What a search makes of an architecture."""

from __future__ import annotations

from typing import NamedTuple


class Judged(NamedTuple):
    """What speaks for an architecture by its weights, and by those of the architecture.

    Attributes:
        loss: mean cross entropy over the validation speakers' segments with inherited weights; of a
            proxy its score, negated.
        wa: the share of these segments that are recognised; NaN of a proxy.
        weight: the logarithms of the architecture weights of its candidates, summed; NaN of a
            proxy.
    """

    loss: float
    wa: float
    weight: float
