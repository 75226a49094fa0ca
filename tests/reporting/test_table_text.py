import re

import pandas as pd
import pytest

from sernas.experiments.experiment import EXPERIMENTS
from sernas.reporting.table import COLUMNS
from sernas.reporting.table_text import to_latex, to_markdown

WU = EXPERIMENTS["wu2022"]

ROWS = [
    ["cnn_rnn_att", "none", 68.0, 55.5, 833.5, 67, 1, 55, 1, 50.25, 60.5, 68.2, 54.89, 833],
    ["cnn_rnn_att", "dropout", 69.0, 56.25, 832.2, 67, 1, 55, 1, 51.0, 61.0, 68.87, 56.28, 832],
    ["mine", "new_one", 70.0, 40.0, 12.0, 70, None, 40, None, 30.0, 50.0, None, None, None],
]


@pytest.fixture
def table():
    return pd.DataFrame(ROWS, columns=COLUMNS).astype({"published_params_k": "Int64"})


def test_markdown_reads_like_the_paper(table):
    lines = to_markdown(table, WU, 0.9).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:5]]
    assert cells[0] == [
        *("System", "NAS", "WA", "UA [90% CI]", "#param (k)"),
        *("published WA", "published UA", "published #param (k)"),
    ]
    assert cells[2] == [
        *("CNN_RNN_att", "none", "68.00", "55.50 [50.25, 60.50]"),
        *("833.5", "68.20", "54.89", "833"),
    ]
    assert cells[3][:4] == ["", "dropout", "69.00", "**56.25** [51.00, 61.00]"]
    assert cells[4] == ["mine", "new_one", "70.00", "**40.00** [30.00, 50.00]", "12.0", "", "", ""]
    assert "WA, the weighted accuracy" in lines[6]
    assert "90% percentile bootstrap" in lines[6]
    assert lines[6].endswith("Published: Wu et al. 2022, on IEMOCAP.")


def test_a_row_that_lacks_folds_is_blank_and_says_why(table):
    table.loc[1, ["wa", "ua", "params_k", "ua_low", "ua_high"]] = None
    lines = to_markdown(table.assign(missing=["", "fold 2: a|b", ""]), WU, 0.9).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[:5]]
    assert cells[0][-1] == "missing"
    assert cells[2][3] == "**55.50** [50.25, 60.50]"  # the best that there is
    assert cells[3] == ["", "dropout", "", "", "", "68.87", "56.28", "832", r"fold 2: a\|b"]


def test_latex_is_balanced_escaped_and_complete(table):
    text = to_latex(table, WU, 0.95)
    assert re.findall(r"\\begin{(\w+)}", text) == ["table", "tabular"]
    assert re.findall(r"\\end{(\w+)}", text) == ["tabular", "table"]
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"(?<!\\)[%#_]", text)
    body = text[text.index(r"\begin{tabular}") : text.index(r"\bottomrule")]
    rows = [line for line in body.splitlines() if re.search(r"\d\d & ", line)]
    assert all(len(re.findall(r"(?<!\\)&", row)) == 7 for row in rows)
    assert rows[1] == (
        r" & dropout & 69.00 & \textbf{56.25} [51.00, 61.00] & 832.2 & 68.87 & 56.28 & 832 \\"
    )
    assert r"mine & new\_one & 70.00" in rows[2]
    assert body.count(r"\midrule") == 2
    head = body.splitlines()[:5]
    assert head[0] == r"\begin{tabular}{llrrrrrr}"
    assert head[2:] == [
        r" & & & & & \multicolumn{3}{c}{Published} \\",
        r"\cmidrule(lr){6-8}",
        r"System & NAS & WA & UA [95\% CI] & \#param (k) & WA & UA & \#param (k) \\",
    ]
    assert r"\label{tab:table2}" in text


RAJAPAKSHE = EXPERIMENTS["rajapakshe2023"]
WITH_UA_ALONE = pd.DataFrame(
    [
        ["cnn", "none", 68.0, 55.5, 99.0, 67, 1, 55, 1, 50.25, 60.5, None, 72.58, None],
        ["darts_cnn_c4", "darts", 69.0, 56, 98.0, 67, 1, 55, 1, 51.0, 61.0, None, None, None],
    ],
    columns=COLUMNS,
).astype({"published_params_k": "Int64"})


def test_markdown_has_no_columns_that_the_paper_does_not_fill():
    lines = to_markdown(WITH_UA_ALONE, RAJAPAKSHE, 0.9).splitlines()
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:4]]
    assert header == ["System", "NAS", "WA", "UA [90% CI]", "#param (k)", "published UA"]
    assert rows[0] == ["CNN", "none", "68.00", "**55.50** [50.25, 60.50]", "99.0", "72.58"]
    assert rows[1][0] == "DARTS CNN, C=4"
    assert rows[1][5] == ""
    assert "as context: the authors' public code evaluates on the fold it selects on" in lines[5]
    assert "Wu et al." not in lines[5]


def test_latex_has_no_columns_that_the_paper_does_not_fill():
    lines = to_latex(WITH_UA_ALONE, RAJAPAKSHE, 0.9).splitlines()
    assert lines[3:9] == [
        r"\label{tab:table_darts}",
        r"\begin{tabular}{llrrrr}",
        r"\toprule",
        r" & & & & & \multicolumn{1}{c}{Published} \\",
        r"\cmidrule(lr){6-6}",
        r"System & NAS & WA & UA [90\% CI] & \#param (k) & UA \\",
    ]
    assert lines[10] == r"CNN & none & 68.00 & \textbf{55.50} [50.25, 60.50] & 99.0 & 72.58 \\"


SUN = EXPERIMENTS["sun2022"]
WITHOUT_PUBLISHED = pd.DataFrame(
    [["deep", "darts", 68.0, 55.5, 99.0, 67, 1, 55, 1, 50.25, 60.5, None, None, None]],
    columns=COLUMNS,
).astype({"published_params_k": "Int64"})


def test_markdown_of_a_paper_without_figures():
    lines = to_markdown(WITHOUT_PUBLISHED, SUN, 0.9).splitlines()
    header, _, row = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:3]]
    assert header == ["System", "NAS", "WA", "UA [90% CI]", "#param (k)"]
    assert row == ["deep stream", "darts", "68.00", "**55.50** [50.25, 60.50]", "99.0"]
    assert "our instantiation of Sun et al. 2022" in lines[4]
    assert "Published:" not in lines[4]


def test_latex_of_a_paper_without_figures():
    lines = to_latex(WITHOUT_PUBLISHED, SUN, 0.9).splitlines()
    assert lines[3:9] == [
        r"\label{tab:table_two_stream}",
        r"\begin{tabular}{llrrr}",
        r"\toprule",
        r"System & NAS & WA & UA [90\% CI] & \#param (k) \\",
        r"\midrule",
        r"deep stream & darts & 68.00 & \textbf{55.50} [50.25, 60.50] & 99.0 \\",
    ]
