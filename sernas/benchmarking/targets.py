"""What a run on a card comes to: each figure beside its target, and beside what it was."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sernas.benchmarking.cases import FAILED


class Target(NamedTuple):
    """A figure.

    Attributes:
        step: what it is called.
        benchmark: where it is, with ``size`` and ``variant``.
        before: what it was on one H200 before cards were built for, on 2026-11-26.
        target: what it should be; empty: it is only shown.
        column: that has it.
    """

    step: str
    benchmark: str
    size: str
    variant: str
    before: str
    target: str = ""
    column: str = "median"


def _steps(title: str, plain: tuple[str, str], joint: str, dropout: str, branch: str) -> list:
    at = ("steps", f"{title}, 4096 bins, batch 16, bfloat16")
    return [
        Target(f"{title}, plain, 4096 bins", *at, "plain", *plain),
        Target(f"{title}, joint / plain", *at, "joint", joint, "1.2", "ratio"),
        Target(f"{title}, dropout / plain", *at, "dropout", dropout, "1.2", "ratio"),
        Target(f"{title}, branch form / plain", *at, "branch", branch, column="ratio"),
        Target(f"{title}, share of time busy", *at, "plain, computing", "", column="ratio"),
    ]


def _cells(plain: str, joint: str) -> list:
    at = ("steps_of_cells", "DARTS CNN-LSTM, C=8, 1 LSTM layer, 128 bins, batch 64, bfloat16")
    return [
        Target("cells C=8, plain, batch 64", *at, "plain", plain, "40"),
        Target("cells C=8, joint", *at, "joint", joint, "250"),
    ]


TARGETS = [
    *_steps("CNN_RNN_att", ("28.3", "6"), "1.54", "1.48", "7.6 (float32)"),
    *_steps("CNN_SeqCap", ("31.6", "8"), "1.50", "1.46", "7.1 (float32)"),
    Target(
        "CNN_RNN_att, dropout, 64 bins",
        "steps",
        "CNN_RNN_att, 64 bins, batch 16, bfloat16",
        "dropout",
        "13.6",
        "1.5",
    ),
    *_cells("148 (float32)", "1014"),
    Target(
        "15 small networks at once, times as fast",
        "small_networks",
        "15 x CNN_RNN_att, 64 bins, batch 16, bfloat16",
        "at once",
        "1",
        "5",
        "ratio",
    ),
    Target("Table 2 of IEMOCAP, projected", "epochs_table2", "Table 2", "projected", "24", "4"),
    Target(
        "the DARTS table of IEMOCAP, projected",
        "epochs_table_darts",
        "the DARTS table",
        "projected",
        "over 100",
    ),
]


def summary(table: pd.DataFrame) -> str:
    """The short table of ``TARGETS``, and what failed; ``table`` is that of all measures."""
    found = table.set_index(["benchmark", "size", "variant"])
    found = found[~found.index.duplicated()]
    rows = []
    for target in TARGETS:
        key = (target.benchmark, target.size, target.variant)
        value, unit = "-", ""
        if key in found.index:
            value = f"{found.loc[key, target.column]:.3g}"
            unit = found.loc[key, "unit"] if target.column == "median" else ""
        rows.append((target.step, target.before, target.target, value, unit))
    about = table.loc[table["benchmark"] == "card", "size"].head(1).tolist()
    head = ", ".join([*dict.fromkeys(table["device"]), *about])
    columns = ["step", "before", "target", "measured", "unit"]
    lines = [head, pd.DataFrame(rows, columns=columns).to_string(index=False)]
    failed = table[table["variant"].str.startswith(FAILED)]
    lines += [f"{row.benchmark}, {row.size} {row.variant}" for row in failed.itertuples()]
    return "\n".join(lines)
