import re

import numpy as np
import pandas as pd
import pytest

from sernas.experiments.experiment import EXPERIMENTS
from sernas.reporting.table import COLUMNS
from sernas.reporting.table_text import to_latex, to_markdown

WU = EXPERIMENTS["wu2022"]


def results(*rows):
    """Rows of a table; what one does not say is blank."""
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"published_params_k": "Int64", "speakers": "Int64", "seeds": "Int64"})


def row(system, nas, wa, ua, params_k, low, high, **more):
    cells = {"system": system, "nas": nas, "wa": wa, "ua": ua, "params_k": params_k}
    return cells | {"ua_low": low, "ua_high": high, "speakers": 9, "seeds": 3} | more


def versus(control, value, low, high, p):
    name = f"vs_{control}"
    return {name: value, f"{name}_low": low, f"{name}_high": high, f"{name}_p": p}


def published(wa=None, ua=None, params_k=None):
    return {"published_wa": wa, "published_ua": ua, "published_params_k": params_k}


NONE = row("cnn_rnn_att", "none", 68.0, 55.5, 833.5, 50.25, 60.5)
NONE |= published(68.2, 54.89, 833) | versus("random", -0.5, -2.25, 1.25, 0.42)
DROPOUT = row("cnn_rnn_att", "dropout", 69.0, 56.25, 832.2, 51.0, 61.0, steps=2000, gflop_step=1.5)
DROPOUT |= published(68.87, 56.28, 832) | versus("none", 0.75, 0.25, 1.25, 0.0004)
MINE = row("mine", "new_one", 70.0, 40.0, 12.0, 30.0, 50.0) | versus("none", 9.0, -1, 19, 0.1)


@pytest.fixture
def table():
    return results(NONE, DROPOUT, MINE)


def test_markdown_reads_like_the_paper(table):
    lines = to_markdown(table, WU, 0.9).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:5]]
    assert cells[0] == [
        *("System", "NAS", "WA", "UA [90% CI]", "UA - none [90% CI] p", "UA - random [90% CI] p"),
        *("TFLOP", "#param (k)", "published WA", "published UA", "published #param (k)"),
    ]
    assert cells[2] == [
        *("CNN_RNN_att", "none", "68.00", "55.50 [50.25, 60.50]", ""),
        *("-0.50 [-2.25, +1.25] 0.420", "", "833.5", "68.20", "54.89", "833"),
    ]
    assert cells[3][:7] == [
        *("", "dropout", "69.00", "**56.25** [51.00, 61.00]"),
        *("+0.75 [+0.25, +1.25] <0.001", "", "3"),
    ]
    assert cells[4] == [
        *("mine", "new_one", "70.00", "40.00 [30.00, 50.00]", "+9.00 [-1.00, +19.00] 0.100"),
        *("", "", "12.0", "", "", ""),
    ]
    assert "WA, the weighted accuracy" in lines[6]
    assert "90% t interval" in lines[6]
    assert "over 9 test speakers and the 3 seeds of each fold, by a" in lines[6]
    assert "corrected by Holm" in lines[6]
    assert "not within noise (p < 0.1)" in lines[6]
    assert lines[6].endswith("Published: Wu et al. 2022, on IEMOCAP.")


def test_differences_to_a_linear_baseline_have_a_column_where_there_are_any(table):
    more = {"vs_linear": [np.nan, 6.4, np.nan], "vs_linear_low": [np.nan, 4.1, np.nan]}
    more |= {"vs_linear_high": [np.nan, 8.7, np.nan], "vs_linear_p": [np.nan, 0.01, np.nan]}
    compared = table.assign(**more)
    lines = to_markdown(compared, WU, 0.9).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:5]]
    assert cells[0][6] == "UA - linear [90% CI] p"
    assert [row[6] for row in cells[2:]] == ["", "+6.40 [+4.10, +8.70] 0.010", ""]
    assert len({len(row) for row in cells}) == 1
    assert "UA - linear: the same to the linear baseline" in lines[6]
    assert "linear" not in to_markdown(table, WU, 0.9)
    latex = to_latex(compared, WU, 0.9)
    body = [line for line in latex.splitlines() if line.endswith(r" \\") and "&" in line]
    [columns] = re.findall(r"\\begin{tabular}{(\w+)}", latex)
    assert {line.replace(r"\&", "").count("&") + 1 for line in body[1:]} == {len(columns)}


def test_bold_is_what_differs_from_none_and_not_what_is_best(table):
    worse = table.assign(vs_none=-5.0)
    for level, bold in ((0.9, ["56.25"]), (0.89, ["56.25", "40.00"])):
        assert re.findall(r"\*\*([\d.]+)\*\*", to_markdown(worse, WU, level)) == bold


def test_of_one_seed_the_caption_says_what_is_drawn(table):
    text = to_markdown(table.assign(seeds=1), WU, 0.9)
    assert "over 9 test speakers and the one seed of each fold (so that whole folds are" in text


def test_what_has_no_interval_shows_its_value_alone(table):
    blank = dict.fromkeys(["ua_low", "ua_high", "vs_none_low", "vs_none_high"], np.nan)
    lines = to_markdown(table.assign(vs_none_p=np.nan, **blank), WU, 0.9).splitlines()
    cells = [cell.strip() for cell in lines[3].split("|")]
    assert cells[4:6] == ["56.25", "+0.75"]


def test_notes_end_the_caption_of_both(table):
    notes = ["The search of joint has not moved.", "Nor has 100 % of sampling."]
    text = to_markdown(table, WU, 0.9, notes)
    assert text.endswith(f"on IEMOCAP. {' '.join(notes)}\n")
    assert r"has not moved. Nor has 100 \% of sampling.}" in to_latex(table, WU, 0.9, notes)


def test_a_row_that_lacks_folds_is_blank_and_says_why(table):
    ours = [name for name in COLUMNS[2:] if not name.startswith("published")]
    table.loc[1, ours] = None
    lines = to_markdown(table.assign(missing=["", "fold 2: a|b", ""]), WU, 0.9).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[:5]]
    assert cells[0][-1] == "missing"
    assert cells[2][3] == "55.50 [50.25, 60.50]"
    assert cells[3] == ["", "dropout", *[""] * 6, "68.87", "56.28", "832", r"fold 2: a\|b"]


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
    assert all(len(re.findall(r"(?<!\\)&", row)) == 10 for row in rows)
    assert rows[1] == (
        r" & dropout & 69.00 & \textbf{56.25} [51.00, 61.00] & +0.75 [+0.25, +1.25] $<$0.001 &  & 3"
        r" & 832.2 & 68.87 & 56.28 & 832 \\"
    )
    assert r"mine & new\_one & 70.00" in rows[2]
    assert body.count(r"\midrule") == 2
    head = body.splitlines()[:5]
    assert head[0] == r"\begin{tabular}{llrrrrrrrrr}"
    assert head[2:] == [
        r" & & & & & & & & \multicolumn{3}{c}{Published} \\",
        r"\cmidrule(lr){9-11}",
        r"System & NAS & WA & UA [95\% CI] & UA - none [95\% CI] p & UA - random [95\% CI] p"
        r" & TFLOP & \#param (k) & WA & UA & \#param (k) \\",
    ]
    assert r"\label{tab:table2}" in text


RAJAPAKSHE = EXPERIMENTS["rajapakshe2023"]
WITH_UA_ALONE = results(
    row("cnn", "none", 68.0, 55.5, 99.0, 50.25, 60.5) | published(ua=72.58),
    row("darts_cnn_c4", "darts", 69.0, 56, 98.0, 51.0, 61.0),
)
OURS = ["System", "NAS", "WA", "UA [90% CI]", "UA - none [90% CI] p", "UA - random [90% CI] p"]
OURS += ["TFLOP", "#param (k)"]


def test_markdown_has_no_columns_that_the_paper_does_not_fill():
    lines = to_markdown(WITH_UA_ALONE, RAJAPAKSHE, 0.9).splitlines()
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:4]]
    assert header == [*OURS, "published UA"]
    assert rows[0] == ["CNN", "none", "68.00", "55.50 [50.25, 60.50]", *[""] * 3, "99.0", "72.58"]
    assert rows[1][0] == "DARTS CNN, C=4"
    assert rows[1][8] == ""
    assert "as context: the authors' public code evaluates on the fold it selects on" in lines[5]
    assert "Wu et al." not in lines[5]


def test_latex_has_no_columns_that_the_paper_does_not_fill():
    lines = to_latex(WITH_UA_ALONE, RAJAPAKSHE, 0.9).splitlines()
    assert lines[3:9] == [
        r"\label{tab:table_darts}",
        r"\begin{tabular}{llrrrrrrr}",
        r"\toprule",
        r" & & & & & & & & \multicolumn{1}{c}{Published} \\",
        r"\cmidrule(lr){9-9}",
        " & ".join(OURS).replace("%", r"\%").replace("#", r"\#") + r" & UA \\",
    ]
    assert lines[10] == r"CNN & none & 68.00 & 55.50 [50.25, 60.50] &  &  &  & 99.0 & 72.58 \\"


SUN = EXPERIMENTS["sun2022"]
WITHOUT_PUBLISHED = results(row("deep", "darts", 68.0, 55.5, 99.0, 50.25, 60.5))


def test_markdown_of_a_paper_without_figures():
    lines = to_markdown(WITHOUT_PUBLISHED, SUN, 0.9).splitlines()
    header, _, row = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:3]]
    assert header == OURS
    assert row == ["deep stream", "darts", "68.00", "55.50 [50.25, 60.50]", "", "", "", "99.0"]
    assert "our instantiation of Sun et al. 2022" in lines[4]
    assert "Published:" not in lines[4]


def test_latex_of_a_paper_without_figures():
    lines = to_latex(WITHOUT_PUBLISHED, SUN, 0.9).splitlines()
    assert lines[3:9] == [
        r"\label{tab:table_two_stream}",
        r"\begin{tabular}{llrrrrrr}",
        r"\toprule",
        " & ".join(OURS).replace("%", r"\%").replace("#", r"\#") + r" \\",
        r"\midrule",
        r"deep stream & darts & 68.00 & 55.50 [50.25, 60.50] &  &  &  & 99.0 \\",
    ]
