"""Table 2 of Wu et al. 2022 as data, in the paper's order, with the paper's names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SYSTEMS = {"cnn_rnn_att": "CNN_RNN_att", "cnn_seqcap": "CNN_SeqCap"}
"""The systems' names in the configuration and in the paper."""


class Published(NamedTuple):
    """One row: WA and UA in percent, parameters in thousands."""

    wa: float
    ua: float
    params_k: int


PUBLISHED = {
    ("cnn_rnn_att", "none"): Published(68.20, 54.89, 833),
    ("cnn_rnn_att", "random"): Published(68.42, 54.81, 833),
    ("cnn_rnn_att", "joint"): Published(68.61, 55.59, 833),
    ("cnn_rnn_att", "sampling"): Published(69.10, 54.23, 835),
    ("cnn_rnn_att", "dropout"): Published(68.87, 56.28, 832),
    ("cnn_seqcap", "none"): Published(69.86, 56.71, 704),
    ("cnn_seqcap", "random"): Published(68.77, 54.75, 700),
    ("cnn_seqcap", "joint"): Published(68.80, 54.44, 704),
    ("cnn_seqcap", "sampling"): Published(70.18, 56.72, 704),
    ("cnn_seqcap", "dropout"): Published(70.54, 56.94, 700),
}


def display_name(system: str) -> str:
    """``"cnn_seqcap"`` -> ``"CNN_SeqCap"``; a system that the paper lacks keeps its own name."""
    return SYSTEMS.get(system, system)


def in_paper_order(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The (system, strategy) pairs as the paper orders them: by system, then by strategy.

    What the paper lacks follows what it has, in the order given.
    """
    rows = list(rows)
    systems = list(dict.fromkeys([*SYSTEMS, *(system for system, _ in rows)]))
    strategies = list(dict.fromkeys(nas for _, nas in [*PUBLISHED, *rows]))
    return sorted(rows, key=lambda row: (systems.index(row[0]), strategies.index(row[1])))
