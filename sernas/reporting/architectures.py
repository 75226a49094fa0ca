"""Which architecture each fold ended with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sernas.reporting.papers import in_paper_order


def architectures_table(architectures: Sequence[Mapping]) -> pd.DataFrame:
    """One row a fold, in the paper's order: ``system, nas, fold, <one column a layer>, params``.

    Args:
        architectures: ``system``, ``nas``, ``fold``, ``params`` and ``architecture`` (a candidate
            for each layer) of each fold's network.

    Returns:
        The layers of all systems have a column each, blank where a system lacks it.
    """
    order = in_paper_order({(a["system"], a["nas"]) for a in architectures})
    rows = sorted(architectures, key=lambda a: (order.index((a["system"], a["nas"])), a["fold"]))
    layers = dict.fromkeys(layer for row in rows for layer in row["architecture"])
    flat = [{**row, **row["architecture"]} for row in rows]
    return pd.DataFrame(flat, columns=["system", "nas", "fold", *layers, "params"])
