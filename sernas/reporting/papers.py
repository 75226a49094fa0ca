"""The papers whose tables are made anew, as data: figures, names, order. Light: no pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sernas.space import rajapakshe2023


class Published(NamedTuple):
    """One row of a paper's table: WA and UA in percent, parameters in thousands.

    None is what the paper does not say.
    """

    wa: float | None = None
    ua: float | None = None
    params_k: int | None = None


@dataclass(frozen=True)
class Paper:
    """What a table of results takes from the paper that it is compared with.

    Attributes:
        table: name of the table's files, without suffix.
        title: what a message calls the table.
        note: what the caption says of the systems and of the published figures.
        systems: names in the configuration and in the paper, in the paper's order.
        published: the paper's figures by (system, strategy), in the paper's order.
    """

    table: str
    title: str
    note: str
    systems: Mapping[str, str]
    published: Mapping[tuple[str, str], Published]

    @property
    def figures(self) -> list[str]:
        """Those of ``Published`` that the paper has of any row."""
        return [
            name
            for name in Published._fields
            if any(getattr(row, name) is not None for row in self.published.values())
        ]


def _named(size: rajapakshe2023.Size) -> str:
    """``"DARTS CNN-LSTM, C=4, 2 LSTM layers"``, or less where there is less."""
    network = "CNN-LSTM" if size.lstm_layers else "CNN"
    if size.cells is None:
        return network
    parts = [f"DARTS {network}", f"C={size.cells}"]
    if size.lstm_layers:
        parts.append(f"{size.lstm_layers} LSTM layer{'s' if size.lstm_layers > 1 else ''}")
    return ", ".join(parts)


PAPERS = {
    "wu2022": Paper(
        table="table2",
        title="Table 2",
        note="Published: Wu et al. 2022, on IEMOCAP.",
        systems={"cnn_rnn_att": "CNN_RNN_att", "cnn_seqcap": "CNN_SeqCap"},
        published={
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
        },
    ),
    "rajapakshe2023": Paper(
        table="table_darts",
        title="the DARTS table",
        note="Published: Rajapakshe et al. 2023, on IEMOCAP, as context: the authors' public code "
        "evaluates on the fold it selects on.",
        systems={
            system: _named(size)
            for system, size in {**rajapakshe2023.HAND_MADE, **rajapakshe2023.SEARCHED}.items()
        },
        published={
            ("cnn", "none"): Published(ua=72.58),
            ("cnn_lstm", "none"): Published(ua=56.75),
            # of which cells and layers is not said, but that more of either do worse
            ("darts_cnn_lstm_c4_l1", "darts"): Published(ua=73.18),
        },
    ),
    "sun2022": Paper(
        table="table_two_stream",
        title="the two-stream table",
        note="The systems are our instantiation of Sun et al. 2022 (EmotionNAS), of which the "
        "abstract is what we have: it has no figures to stand beside ours, and leaves open the "
        "operations, the hand-made genotype (none) and the fusions. Handcrafted: cells on the "
        "spectrogram. Deep: a learned sum over the layers of a frozen speech model, and a cell "
        "along time. Where an architecture is searched, each stream is searched alone, and both "
        "genotypes are then trained together from scratch.",
        systems={
            "handcrafted": "handcrafted stream",
            "deep": "deep stream",
            "two_stream_concat": "two streams, concatenated",
            "two_stream_mean": "two streams, mean of decisions",
            "two_stream_supplement": "two streams, information supplement",
        },
        published={},
    ),
}
"""By their names in the rules."""

SYSTEMS = {name: shown for paper in PAPERS.values() for name, shown in paper.systems.items()}
"""The systems of all papers; a name belongs to one alone."""

STRATEGIES = dict.fromkeys(nas for paper in PAPERS.values() for _, nas in paper.published)
"""The strategies of all papers, in their order."""


def display_name(system: str) -> str:
    """``"cnn_seqcap"`` -> ``"CNN_SeqCap"``; a system that no paper has keeps its own name."""
    return SYSTEMS.get(system, system)


def in_paper_order(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The (system, strategy) pairs as the papers order them: by system, then by strategy.

    What no paper has follows what one has, in the order given.
    """
    rows = list(rows)
    systems = list(dict.fromkeys([*SYSTEMS, *(system for system, _ in rows)]))
    strategies = list(dict.fromkeys([*STRATEGIES, *(nas for _, nas in rows)]))
    return sorted(rows, key=lambda row: (systems.index(row[0]), strategies.index(row[1])))
