"""Which architecture each fold ended with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sernas.reporting.papers import in_paper_order
from sernas.space.cells import are_edges, genotype_text
from sernas.space.choices import Architecture


def architectures_table(architectures: Sequence[Mapping]) -> pd.DataFrame:
    """One row a fold, in the paper's order: ``system, nas, fold, <one column a layer>, params``.

    Args:
        architectures: ``system``, ``nas``, ``fold``, ``params`` and ``architecture`` (a candidate
            for each layer) of each fold's network.

    Returns:
        The layers of all systems have a column each, blank where a system lacks it. The edges of
        cells have one a cell, ``normal`` for instance: see :func:`genotype_text`.
    """
    order = in_paper_order({(a["system"], a["nas"]) for a in architectures})
    rows = sorted(architectures, key=lambda a: (order.index((a["system"], a["nas"])), a["fold"]))
    shown = [_columns(row["architecture"]) for row in rows]
    names = dict.fromkeys(name for columns in shown for name in columns)
    flat = [{**row, **columns} for row, columns in zip(rows, shown, strict=True)]
    return pd.DataFrame(flat, columns=["system", "nas", "fold", *names, "params"])


def _columns(architecture: Architecture) -> Architecture:
    return genotype_text(architecture) if are_edges(architecture) else architecture
