"""Architectures of no strategy's choice, by which the ranks that supernets give are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sernas.base.seeds import rng_of
from sernas.search.judged import Judged
from sernas.space.choices import Architecture, SearchSpace

if TYPE_CHECKING:
    from sernas.search.supernet_search import Search


def ranked_architectures(
    system: str, space: SearchSpace, count: int, seed: int
) -> list[dict[str, str]]:
    """Some drawn uniformly, none twice; of a space that has no more, all.

    Args:
        system: whose space it is; its strategies, folds and runs have the same ones.
        seed: of the experiment.
    """
    rng, drawn = rng_of(seed, "ranked", system), []
    while len(drawn) < min(count, space.size):
        architecture = space.draw(rng)
        if architecture not in drawn:
            drawn.append(architecture)
    return drawn


def inherited_scores(search: Search, architectures: Sequence[Architecture]) -> pd.DataFrame:
    """``number, loss, wa, weight`` of each architecture at the end of a search; see
    :meth:`Search.judge`.

    Raises:
        Interrupted: a signal asks the job to end.
    """
    scores = [search.judge(each)._asdict() for each in architectures]
    return pd.DataFrame(scores, columns=Judged._fields).rename_axis("number").reset_index()
