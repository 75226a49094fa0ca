"""What a search makes of architectures, whoever chose them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import pandas as pd

from sernas.space.choices import Architecture


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


class Judge(Protocol):
    """A search that is over."""

    def judge(self, architecture: Architecture) -> Judged: ...


def judged(search: Judge, architectures: Sequence[Architecture]) -> pd.DataFrame:
    """``number`` from 0 and the fields of :class:`Judged`, an architecture a row.

    Raises:
        Interrupted: a signal asks the job to end.
    """
    rows = [search.judge(architecture) for architecture in architectures]
    return pd.DataFrame(rows, columns=Judged._fields).rename_axis("number").reset_index()
