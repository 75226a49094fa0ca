"""The results as Markdown and LaTeX, with the columns of the paper."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sernas.reporting.papers import Paper, display_name

CAPTION = (
    "WA, the weighted accuracy, is the accuracy over all test utterances; UA, the unweighted "
    "accuracy, is the mean of the class accuracies; both in percent and pooled over the folds. "
    "Brackets: {confidence:g}% percentile bootstrap interval of the UA over utterances. #param: "
    "parameters of the derived network, in thousands, mean over the folds. Folds are "
    "speaker-independent: no speaker is in two of training, validation and test; architectures "
    "and epochs are chosen on the validation speakers, and the test speakers are scored once. "
    "Bold: the best UA of each system. {note}"
)

LATEX = r"""\begin{table}[t]
\centering
\caption{%s}
\label{tab:%s}
\begin{tabular}{llrrrrrr}
\toprule
 & & & & & \multicolumn{3}{c}{Published} \\
\cmidrule(lr){6-8}
System & NAS & WA & UA [%s CI] & \#param (k) & WA & UA & \#param (k) \\
\midrule
%s
\bottomrule
\end{tabular}
\end{table}
"""


def to_markdown(table: pd.DataFrame, paper: Paper, confidence: float) -> str:
    """The table and its caption.

    Args:
        table: of results; a last column ``missing`` is shown if it has one.
        paper: whose figures it holds.
        confidence: of the interval, as a fraction.
    """
    names = ["System", "NAS", "WA", f"UA [{100 * confidence:g}% CI]", "#param (k)"]
    names += ["published WA", "published UA", "published #param (k)"]
    body = pd.DataFrame(_cells(table, "**{}**".format), columns=names)
    alignment = ["left", "left", *["right"] * 6]
    if "missing" in table:
        body["missing"] = [text.replace("|", r"\|") for text in table["missing"]]
        alignment.append("left")
    text = body.to_markdown(index=False, disable_numparse=True, colalign=alignment)
    return f"{text}\n\n{_caption(paper, confidence)}\n"


def to_latex(table: pd.DataFrame, paper: Paper, confidence: float) -> str:
    """A ``table`` environment with its caption; it needs ``\\usepackage{booktabs}``."""
    lines = []
    for cells in _cells(table, r"\textbf{{{}}}".format):
        if lines and cells[0]:
            lines.append(r"\midrule")
        lines.append(" & ".join(_escape(cell) for cell in cells) + r" \\")
    caption = _escape(_caption(paper, confidence))
    interval = _escape(f"{100 * confidence:g}%")
    return LATEX % (caption, paper.table, interval, "\n".join(lines))


def _caption(paper: Paper, confidence: float) -> str:
    return CAPTION.format(confidence=100 * confidence, note=paper.note)


def _cells(table: pd.DataFrame, bold: Callable[[str], str]) -> list[list[str]]:
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
            number(row.published_wa, 2),
            number(row.published_ua, 2),
            number(row.published_params_k, 0),
        ]
        for row, repeated, is_best in zip(
            table.itertuples(), table["system"].duplicated(), table["ua"] == best, strict=True
        )
    ]


def _escape(text: str) -> str:
    """Escape what LaTeX reads as a command and our text may hold."""
    return text.translate({ord(character): f"\\{character}" for character in "_%#&"})
