"""Which architecture each fold ended with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sernas.experiments.experiment import in_paper_order
from sernas.space.cells import NODES, NONE, are_edges, edges_into, kinds_of
from sernas.space.choices import Architecture


def architectures_table(architectures: Sequence[Mapping]) -> pd.DataFrame:
    """One row a run, in the paper's order: ``system, nas, seed, fold, <a column a layer>, params``.

    Args:
        architectures: ``system``, ``strategy``, ``seed``, ``fold``, ``params`` and
            ``architecture`` (a candidate for each layer) of each run's network.

    Returns:
        The layers of all systems have a column each, blank where a system lacks it. The edges of
        cells have one a cell, ``normal`` for instance: see :func:`genotype_text`.
    """
    order = in_paper_order({(a["system"], a["strategy"]) for a in architectures})
    rows = sorted(
        architectures,
        key=lambda a: (order.index((a["system"], a["strategy"])), a["seed"], a["fold"]),
    )
    shown = [_columns(row["architecture"]) for row in rows]
    names = dict.fromkeys(name for columns in shown for name in columns)
    flat = [
        {**row, "nas": row["strategy"], **columns} for row, columns in zip(rows, shown, strict=True)
    ]
    return pd.DataFrame(flat, columns=["system", "nas", "seed", "fold", *names, "params"])


def _columns(architecture: Architecture) -> Architecture:
    return genotype_text(architecture) if are_edges(architecture) else architecture


def genotype_text(architecture: Architecture) -> dict[str, str]:
    """Each cell on a line: ``"2: skip_connect(0) sep_conv_3x3(1); 3: ..."``.

    Node by node, the operations that are not none, with the node that each comes from.
    """

    def node_text(kind: str, node: int) -> str:
        edges = [(architecture[edge.layer], edge.source) for edge in edges_into(kind, node)]
        return f"{node}: {' '.join(f'{name}({n})' for name, n in edges if name != NONE)}"

    return {
        kind: "; ".join(node_text(kind, node) for node in NODES) for kind in kinds_of(architecture)
    }
