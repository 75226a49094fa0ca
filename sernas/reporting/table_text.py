"""The results as Markdown and LaTeX, with the columns of the paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from sernas.experiments.experiment import Experiment, display_name

CAPTION = (
    "WA, the weighted accuracy, is the accuracy over all test utterances; UA, the unweighted "
    "accuracy, is the mean of the class accuracies; both in percent and pooled over the folds. "
    "Brackets: {confidence:g}% percentile bootstrap interval of the UA over utterances. #param: "
    "parameters of the derived network, in thousands, mean over the folds. Folds are "
    "speaker-independent: no speaker is in two of training, validation and test; architectures "
    "and epochs are chosen on the validation speakers, and the test speakers are scored once. "
    "Bold: the best UA of each system. {note}"
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
\begin{tabular}{llrrr%s}
\toprule
%s%s \\
\midrule
%s
\bottomrule
\end{tabular}
\end{table}
"""

LATEX_PUBLISHED = r""" & & & & & \multicolumn{%d}{c}{Published} \\
\cmidrule(lr){6-%d}
"""


def to_markdown(table: pd.DataFrame, experiment: Experiment, confidence: float) -> str:
    """The table and its caption.

    Args:
        table: of results; a last column ``missing`` is shown if it has one.
        experiment: whose figures it holds.
        confidence: of the interval, as a fraction.
    """
    names = _headers(experiment, confidence, "published ")
    body = pd.DataFrame(_cells(table, experiment, "**{}**".format), columns=names)
    alignment = ["left", "left", *["right"] * (len(names) - 2)]
    if "missing" in table:
        body["missing"] = [text.replace("|", r"\|") for text in table["missing"]]
        alignment.append("left")
    text = body.to_markdown(index=False, disable_numparse=True, colalign=alignment)
    return f"{text}\n\n{_caption(experiment, confidence)}\n"


def to_latex(table: pd.DataFrame, experiment: Experiment, confidence: float) -> str:
    """A ``table`` environment with its caption; it needs ``\\usepackage{booktabs}``."""
    lines = []
    for cells in _cells(table, experiment, r"\textbf{{{}}}".format):
        if lines and cells[0]:
            lines.append(r"\midrule")
        lines.append(" & ".join(_escape(cell) for cell in cells) + r" \\")
    names = _headers(experiment, confidence)
    published = len(experiment.figures)
    return LATEX % (
        _escape(_caption(experiment, confidence)),
        experiment.table,
        "r" * published,
        LATEX_PUBLISHED % (published, len(names)) if published else "",
        " & ".join(map(_escape, names)),
        "\n".join(lines),
    )


def _headers(experiment: Experiment, confidence: float, published: str = "") -> list[str]:
    """Of all columns; ``published`` goes before each of the paper's."""
    ours = ["System", "NAS", "WA", f"UA [{100 * confidence:g}% CI]", "#param (k)"]
    return [*ours, *(published + PUBLISHED[figure].header for figure in experiment.figures)]


def _caption(experiment: Experiment, confidence: float) -> str:
    return CAPTION.format(confidence=100 * confidence, note=experiment.note)


def _cells(
    table: pd.DataFrame, experiment: Experiment, bold: Callable[[str], str]
) -> list[list[str]]:
    """The cells as text. A system is named in its first row alone; blank where nothing is known."""

    def number(value, digits: int) -> str:
        return "" if pd.isna(value) else f"{value:.{digits}f}"

    def with_interval(row, is_best: bool) -> str:
        if pd.isna(row.ua):
            return ""
        ua = (bold if is_best else str)(number(row.ua, 2))
        return f"{ua} [{number(row.ua_low, 2)}, {number(row.ua_high, 2)}]"

    best = table.groupby("system")["ua"].transform("max")
    return [
        [
            "" if repeated else display_name(row.system),
            row.nas,
            number(row.wa, 2),
            with_interval(row, is_best),
            number(row.params_k, 1),
            *(
                number(getattr(row, f"published_{figure}"), PUBLISHED[figure].decimals)
                for figure in experiment.figures
            ),
        ]
        for row, repeated, is_best in zip(
            table.itertuples(), table["system"].duplicated(), table["ua"] == best, strict=True
        )
    ]


def _escape(text: str) -> str:
    """Escape what LaTeX reads as a command and our text may hold."""
    return text.translate({ord(character): f"\\{character}" for character in "_%#&"})
