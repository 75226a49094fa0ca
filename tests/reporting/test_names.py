"""Names of classes in pictures: any script, any length, whatever fonts there are."""

import logging

import pandas as pd
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager

from sernas.reporting.confusion import draw_confusion
from sernas.reporting.fonts import fonts_for
from sernas.reporting.names import shown
from sernas.reporting.style import styled

CHINESE = ("高兴", "悲伤")


@pytest.fixture(autouse=True)
def fonts(monkeypatch):
    """Only DejaVu Sans is installed, until a test adds files to the list."""
    manager, files = font_manager.fontManager, []
    dejavu = [entry for entry in manager.ttflist if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(manager, "ttflist", dejavu)
    monkeypatch.setattr("sernas.reporting.fonts.findSystemFonts", lambda: files)
    shown.cache_clear()
    yield files
    shown.cache_clear()


@pytest.fixture
def make_font(tmp_path):
    """Makes a font file of squares for some characters."""

    def make(name, characters):
        pen = TTGlyphPen(None)
        pen.moveTo((100, 0))
        for corner in ((100, 700), (800, 700), (800, 0)):
            pen.lineTo(corner)
        pen.closePath()
        glyphs = [".notdef", *(f"g{i}" for i in range(len(characters)))]
        font = FontBuilder(1000)
        font.setupGlyphOrder(glyphs)
        font.setupCharacterMap(dict(zip(map(ord, characters), glyphs[1:], strict=True)))
        font.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
        font.setupHorizontalMetrics(dict.fromkeys(glyphs, (900, 100)))
        font.setupHorizontalHeader(ascent=800, descent=-200)
        font.setupOS2(usWeightClass=400)
        font.setupNameTable({"familyName": name, "styleName": "Regular"})
        font.setupPost()
        path = tmp_path / f"{name}.ttf"
        font.save(path)
        return str(path)

    return make


def texts(*names, most=1.9):
    with styled():
        return shown(names, 8, most).texts


def test_names_that_can_be_drawn_stay(caplog):
    names = (
        "neutral",
        "złość",
        "гнев",
        "χαρά",
        "غضب",
        "a_$x^2$\\b",
    )
    assert texts(*names) == list(names)
    assert not caplog.records


def test_numbers_stand_for_what_no_font_has_and_the_log_says_for_what(
    caplog, drawn, tmp_path, figures
):
    names = [
        "neutral",
        CHINESE[0],
        "happy 🥰",
        "सुख",
        "👨\u200d👧 kin",
    ]
    with caplog.at_level(logging.WARNING):
        for name in ("a.png", "b.png"):
            table = pd.DataFrame({"emotion": names, "predicted": names})
            draw_confusion([table], names, "", tmp_path / name, figures)
    (record,) = caplog.records
    assert f"#2 for {CHINESE[0]}, #3 happy for happy 🥰, #4 for" in record.getMessage()
    axes = drawn[-1].axes[0]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels == ["neutral", "#2", "#3 happy", "#4", "#5 kin"]
    assert axes.get_xlabel() == "predicted\n(# is the place in emotions)"


def test_other_fonts_are_used_where_they_are(fonts, make_font):
    fonts += [make_font("One", CHINESE[0][0]), make_font("Three", CHINESE[0] + CHINESE[1][0])]
    with styled():
        assert fonts_for(set("sad")) == (["DejaVu Sans"], set())
        assert fonts_for({*"".join(CHINESE)}) == (["DejaVu Sans", "Three"], {CHINESE[1][1]})
    assert texts(*CHINESE) == [CHINESE[0], f"#2 {CHINESE[1][0]}"]


def test_a_font_that_is_gone_or_damaged_is_none(fonts, tmp_path):
    (tmp_path / "bad.ttf").write_bytes(b"no font")
    fonts.append(str(tmp_path / "bad.ttf"))
    gone = font_manager.FontEntry("/gone.ttf", name="Gone", style="normal", weight=400)
    font_manager.fontManager.ttflist.append(gone)
    assert texts(*CHINESE) == ["#1", "#2"]


def test_long_names_are_cut_and_stay_different():
    first, second, third = texts("x" * 40 + "1", "x" * 40 + "2", "y" * 300)
    assert first == "#1 " + second.removeprefix("#2 ")
    assert third.endswith("y\u2026")
    assert texts("W" * 25 + "1")[0].endswith("\u2026")
    assert texts("contemptuous and bored ok") == ["contemptuous and bored ok"]


LONG = [
    *("very disappointed indeed!", "pleasantly_surprised_2024", "contemptuous and bored ok"),
    *("neutral", "anger_at_someone_else_xx", "a_$x^2$_b\\frac{1}{2}", "złość i żal"),
    *("غضب شديد", CHINESE[0], "😀 glad", "x" * 70, "x" * 71),
]
SHORT = [
    *("neutral", "angry", "happy", "sad", "fear", "disgust", "surprise", "calm", "bored"),
    *("excited", "frustrated", "contempt"),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("names", [LONG, SHORT], ids=["long", "short"])
@pytest.mark.parametrize("classes", [2, 4, 7, 12])
def test_no_texts_overlap_or_leave_the_picture(names, classes, drawn, tmp_path, figures):
    names = names[-classes:]
    table = pd.DataFrame({"emotion": names, "predicted": names})
    tables = [table] * 12_000  # a cell's count has five digits
    draw_confusion([pd.concat(tables)], names, "CNN_SeqCap, none", tmp_path / "c.png", figures)
    figure = drawn[-1]
    axes, bar = figure.axes
    figure.draw_without_rendering()
    labels = [*axes.get_xticklabels(), *axes.get_yticklabels(), *bar.get_yticklabels()]
    titles = [axes.title, axes.xaxis.label, axes.yaxis.label, bar.yaxis.label]
    boxes = [text.get_window_extent() for text in (*labels, *titles, *axes.texts)]
    assert len(boxes) == 2 * classes + 6 + 4 + classes**2
    for i, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:i])
    for text in axes.texts:  # in its cell
        (column, row), box = text.get_position(), text.get_window_extent()
        corners = axes.transData.transform([(column - 0.5, row + 0.5), (column + 0.5, row - 0.5)])
        assert (corners[0] < box.min).all()
        assert (box.max < corners[1]).all()
