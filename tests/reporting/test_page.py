"""The page of results, as text."""

import re

import numpy as np
import pandas as pd
import pytest
from reporting.page_run import RIGHT, make_run, predictions

from sernas.evaluation.intervals import Estimate, counted, ua_difference
from sernas.reporting.differences import differences
from sernas.reporting.page import seen
from sernas.reporting.page.comparisons import Comparison, comparisons
from sernas.reporting.page.tables import choices, excluded
from sernas.reporting.table import as_table
from sernas.settings.reporting import EvaluationSettings

ROW = ("cnn_rnn_att", "dropout")


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run")).read_text()


@pytest.mark.parametrize(
    ("difference", "told", "sentence"),
    [
        ((6.9, 3.1, 10.2, 0.01), True, "6.9 above the linear model (3.1 to 10.2)"),
        ((-6.9, -9, -1, 0.01), True, "6.9 below the linear model (-9.0 to -1.0)"),
        ((2, -1, 5, 1), False, "cannot be told apart from the linear model (+2.0, -1.0 to 5.0)"),
        ((2, 1, 3, 0.3), False, "within noise for so many comparisons (p 0.30, corrected)"),
        ((2, np.nan, np.nan, np.nan), False, "2.0 above the linear model (no interval)"),
        ((0, np.nan, np.nan, np.nan), False, "as good as the linear model"),
    ],
)
def test_a_difference_is_said_with_what_is_known_of_it(difference, told, sentence):
    assert sentence in str(Comparison(ROW, "linear", Estimate(*difference), told))


def test_each_row_is_compared_with_the_controls_and_with_the_linear_model(html):
    text = " ".join(re.sub("<[^>]+>", " ", html).split())
    row = text[text.index("CNN_RNN_att, dropout UA") :].split(". ")[0]
    assert "on unseen speakers" in row
    assert "the hand-made architecture (" in row
    assert "the linear model (" in row
    assert "random search" not in row


SETTINGS = EvaluationSettings(200, 0.95)


def compared(counts):
    found = differences(counts, SETTINGS, 1)
    names = [{"system": system, "nas": nas} for system, nas in counts]
    rows = [name | cells for name, cells in zip(names, found.values(), strict=True)]
    return comparisons(as_table(rows), 0.95)


def test_comparisons_with_the_linear_model_are_corrected_for_their_number():
    counts, linear = {row: counted(predictions(row)) for row in RIGHT}, ("linear", "none")
    found = [each for each in compared(counts) if each.other == "linear"]
    assert [each.row for each in found] == [row for row in RIGHT if row != linear]
    alone = [ua_difference(counts[each.row], counts[linear], SETTINGS, 1) for each in found]
    for each, own in zip(found, alone, strict=True):
        assert each.difference[:3] == pytest.approx(own[:3], abs=0.005)
    least = min(each.p for each in alone)
    assert min(each.difference.p for each in found) == pytest.approx(2 * least, abs=1e-4)


def test_rows_are_compared_with_the_linear_model_of_what_they_take():
    systems = ["cnn_seqcap", "linear", "deep", "linear_embeddings", "two_stream_supplement"]
    counts = {(system, "none"): counted(predictions(ROW)) for system in systems}
    assert [(each.row[0], each.other) for each in compared(counts)] == [
        ("cnn_seqcap", "linear"),
        ("deep", "linear_embeddings"),
        ("two_stream_supplement", "linear_embeddings"),
    ]


def test_what_was_not_found_is_said_too(html):
    beyond, within = html.split("<h3>Beyond noise</h3>")[1].split("<h3>Not beyond noise</h3>")
    claim = (
        "&#34;UA of dropout above none&#34; does not hold: CNN_RNN_att -25.00 (-40.00 to -10.00)"
    )
    assert claim in beyond
    assert "3 of 4 searches have not moved." in within


def test_names_are_escaped(html):
    assert "<script>alert" not in html
    assert "<b>.wav" not in html
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&amp;&#39;" in html


def test_a_run_without_searches_has_a_page_without_their_sections(tmp_path, html):
    shorter = make_run(tmp_path, rows=[("linear", "none")], searched=False).read_text()
    # the paper has no such row
    for text in ("a hollow diamond", '<span class="published"'):
        assert text in html
        assert text not in shorter
    names = [re.findall('<section id="(.*?)"', each) for each in (html, shorter)]
    assert set(names[0]) - set(names[1]) == {"searches", "training"}
    assert "Diagnostics" not in shorter


def test_the_same_run_makes_the_same_page(tmp_path, html):
    assert make_run(tmp_path).read_text() == html


def test_genotypes_are_left_to_pictures_and_choices_are_counted():
    rows = [
        ("a", "none", 1, fold, kernel, "2: skip_connect(0)") for fold, kernel in enumerate("xyy")
    ]
    table = pd.DataFrame(rows, columns=["system", "nas", "seed", "fold", "conv", "normal"])
    [found] = choices(table.assign(dense="", params="7"))
    assert found.columns == ["NAS", "conv"]
    assert found.rows == [["none", "y (2), x (1)"]]


def test_what_was_left_out_is_counted_by_its_reason():
    rows = [("1", "A", "short"), *((str(n), "BC"[n % 2], "silent") for n in range(2, 7))]
    table = pd.DataFrame(rows, columns=["utterance", "speaker", "reason"])
    assert excluded(table).rows == [
        ["silent", "5", "2", "2, 3, 4, ..."],
        ["short", "1", "1", "1"],
    ]


def test_what_a_picture_shows_is_said_in_words():
    table = pd.DataFrame(
        [("u1", "A", "x", "x", 1.0), ("u2", "B", "y", "x", 2.0), ("u3", "B", "x", "x", 3.0)],
        columns=["utterance", "speaker", "emotion", "predicted", "seconds"],
    )
    confused = "Recognised: x 100%, y 0%. Most often confused: y taken for x, 100%."
    assert seen.of_confusion(table, ["x", "y"]) == confused
    right = table.assign(predicted=table.emotion)
    assert seen.of_confusion(right, ["x", "y"]).endswith("Nothing is confused.")
    assert "from 50 (B) to 100 (A); of all 50, of a guess 50" in seen.of_speakers(table, ["x", "y"])
    assert seen.of_durations(table, ["x", "y"]) == "UA by duration: 50 at 2 s; of all 50."
