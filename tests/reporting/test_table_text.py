import re

import pandas as pd
import pytest

from sernas.reporting.papers import PAPERS
from sernas.reporting.table import COLUMNS
from sernas.reporting.table_text import to_latex, to_markdown

WU = PAPERS["wu2022"]

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
    assert cells[0][:5] == ["System", "NAS", "WA", "UA [90% CI]", "#param (k)"]
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
    assert r"UA [95\% CI]" in body
    assert r"\label{tab:table2}" in text
