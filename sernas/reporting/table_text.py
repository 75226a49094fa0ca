"""The results as Markdown and LaTeX, with the columns of the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pandas as pd

from sernas.experiments.experiment import Experiment, display_name
from sernas.reporting.differences import CONTROLS, LINEAR

CAPTION = (
    "WA, the weighted accuracy, is the accuracy over all test utterances; UA, the unweighted "
    "accuracy, is the mean of the class accuracies; both in percent and pooled over folds and "
    "seeds. Brackets: {confidence:g}% t interval over {speakers} test speakers and {drawn}, by a "
    "hierarchical bootstrap. UA - none and UA - random: difference to the row of the same system "
    "in points, speakers and runs paired, with its interval; p: "
    "two-sided, corrected by Holm for all rows of the table that are compared with none, or with "
    "random. {of_linear}Bold: a UA whose difference to none is not within noise (p < {level:g}). "
    "TFLOP: trillions of operations in search and training. #param: parameters of the derived "
    "network, in thousands. Both are means over the runs. Folds are speaker-independent: no "
    "speaker is in two of training, validation and test; what is chosen of architectures and "
    "epochs is chosen on the validation speakers, and each run scores the test speakers once. "
    "{notes}"
)

OF_LINEAR = (
    "UA - linear: the same to the linear baseline of what the system takes, linear on embeddings "
    "where that is a speech model's. "
)
ONE_SEED = (
    "the one seed of each fold (so that whole folds are drawn, whose speakers share a network)"
)


class Column(NamedTuple):
    """Of published figures: its header, and how many decimals it shows."""

    header: str
    decimals: int


PUBLISHED = {"wa": Column("WA", 2), "ua": Column("UA", 2), "params_k": Column("#param (k)", 0)}
"""By the figure; a column that the paper has nothing for is left out."""

LATEX = r"""\begin{table}[t]
\centering
\caption{%s}
\label{tab:%s}
\begin{tabular}{ll%s}
\toprule
%s%s \\
\midrule
%s
\bottomrule
\end{tabular}
\end{table}
"""

LATEX_PUBLISHED = r"""%s\multicolumn{%d}{c}{Published} \\
\cmidrule(lr){%d-%d}
"""


def to_markdown(
    table: pd.DataFrame, experiment: Experiment, confidence: float, notes: Sequence[str] = ()
) -> str:
    """The table and its caption.

    Args:
        table: of results; a last column ``missing`` is shown if it has one.
        experiment: whose figures it holds.
        confidence: of the intervals, as a fraction.
        notes: sentences that the caption ends with.
    """
    names = headers(table, experiment, confidence)
    body = pd.DataFrame(_once(cells(table, experiment, confidence)), columns=names)
    alignment = ["left", "left", *["right"] * (len(names) - 2)]
    if "missing" in table:
        body["missing"] = [text.replace("|", r"\|") for text in table["missing"]]
        alignment.append("left")
    text = body.to_markdown(index=False, disable_numparse=True, colalign=alignment)
    return f"{text}\n\n{caption(table, experiment, confidence, notes)}\n"


def to_latex(
    table: pd.DataFrame, experiment: Experiment, confidence: float, notes: Sequence[str] = ()
) -> str:
    """A ``table`` environment with its caption; it needs ``\\usepackage{booktabs}``."""
    lines = []
    for row in _once(cells(table, experiment, confidence, r"\textbf{{{}}}".format)):
        if lines and row[0]:
            lines.append(r"\midrule")
        lines.append(" & ".join(_escape(cell) for cell in row) + r" \\")
    ours, published = _ours(table, confidence), _published(experiment)
    above = (" &" * len(ours) + " ", len(published), len(ours) + 1, len(ours) + len(published))
    return LATEX % (
        _escape(caption(table, experiment, confidence, notes)),
        experiment.table,
        "r" * (len(ours) - 2 + len(published)),
        LATEX_PUBLISHED % above if published else "",
        " & ".join(map(_escape, [*ours, *published])),
        "\n".join(lines),
    )


def headers(table: pd.DataFrame, experiment: Experiment, confidence: float) -> list[str]:
    """What stands above :func:`cells`."""
    return [*_ours(table, confidence), *(f"published {name}" for name in _published(experiment))]


def _others(table: pd.DataFrame) -> list[str]:
    """What rows of ``table`` are compared with."""
    return [*CONTROLS, *([LINEAR] if f"vs_{LINEAR}" in table else [])]


def _ours(table: pd.DataFrame, confidence: float) -> list[str]:
    """Headers of our own columns."""
    interval = f"[{100 * confidence:g}% CI]"
    differences = [f"UA - {other} {interval} p" for other in _others(table)]
    return ["System", "NAS", "WA", f"UA {interval}", *differences, "TFLOP", "#param (k)"]


def _published(experiment: Experiment) -> list[str]:
    """Headers of the paper's."""
    return [PUBLISHED[figure].header for figure in experiment.figures]


def caption(
    table: pd.DataFrame, experiment: Experiment, confidence: float, notes: Sequence[str] = ()
) -> str:
    """What the columns are, and what the figures were taken of; see :func:`to_markdown`."""
    seeds = table["seeds"].max()
    return CAPTION.format(
        confidence=100 * confidence,
        level=round(1 - confidence, 10),
        speakers=table["speakers"].max(),
        drawn=ONE_SEED if seeds == 1 else f"the {seeds} seeds of each fold",
        of_linear=OF_LINEAR if LINEAR in _others(table) else "",
        notes=" ".join([experiment.note, *notes]),
    )


def cells(
    table: pd.DataFrame,
    experiment: Experiment,
    confidence: float,
    bold: Callable[[str], str] = "**{}**".format,
) -> list[list[str]]:
    """The table's rows as text; blank where nothing is known."""

    def number(value, form: str) -> str:
        return "" if pd.isna(value) else format(value, form)

    def with_interval(row, name: str, form: str, bold: Callable[[str], str] = str) -> str:
        value, low, high = (number(getattr(row, name + end), form) for end in ("", "_low", "_high"))
        return f"{bold(value)} [{low}, {high}]" if low else value

    def difference(row, other: str) -> str:
        p = getattr(row, f"vs_{other}_p")
        shown = "" if pd.isna(p) else " <0.001" if p < 0.001 else f" {p:.3f}"
        return with_interval(row, f"vs_{other}", "+.2f") + shown

    others = _others(table)
    return [
        [
            display_name(row.system),
            row.nas,
            number(row.wa, ".2f"),
            with_interval(row, "ua", ".2f", bold if row.vs_none_p < 1 - confidence else str),
            *(difference(row, other) for other in others),
            number(row.steps * row.gflop_step / 1000, ".3g"),
            number(row.params_k, ".1f"),
            *(
                number(getattr(row, f"published_{figure}"), f".{PUBLISHED[figure].decimals}f")
                for figure in experiment.figures
            ),
        ]
        for row in table.itertuples()
    ]


def _once(rows: Sequence[list[str]]) -> list[list[str]]:
    """Rows that name a system in its first one alone."""
    before = ["", *(row[0] for row in rows)]
    named = zip(before, rows, strict=False)  # there is none after the last
    return [["" if row[0] == name else row[0], *row[1:]] for name, row in named]


def _escape(text: str) -> str:
    """Escape what LaTeX reads as a command and our text may hold."""
    escaped = {character: f"\\{character}" for character in "_%#&"} | {"<": "$<$"}
    return text.translate(str.maketrans(escaped))
