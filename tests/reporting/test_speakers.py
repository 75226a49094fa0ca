import pandas as pd
import pytest

from sernas.reporting.speakers import draw_speakers

EMOTIONS = ["neutral", "angry", "sad"]


@pytest.fixture
def spoken():
    """Two folds: B is right in 3 of 4 neutral and all sad, A in half of the neutral alone."""

    def fold(speaker, pairs):
        table = pd.DataFrame(pairs, columns=["emotion", "predicted"])
        return table.assign(speaker=speaker, utterance=[f"{speaker}{n}" for n in range(len(pairs))])

    right, wrong = ("neutral", "neutral"), ("neutral", "sad")
    return [
        fold("A", [right, wrong]),
        fold("B", [right, right, right, wrong, ("sad", "sad"), ("sad", "sad")]),
    ]


def test_each_speaker_has_his_ua_over_the_emotions_that_he_has(spoken, figures, drawn, tmp_path):
    draw_speakers(spoken, EMOTIONS, "CNN_SeqCap, none", tmp_path / "s.png", figures)
    axes = drawn[-1].axes[0]
    points, overall, chance = axes.lines
    assert list(points.get_xdata()) == [50, 87.5]
    assert [t.get_text() for t in axes.get_yticklabels()] == ["A (2)", "B (6)"]
    assert overall.get_xdata()[0] == pytest.approx(100 * (4 / 6 + 1) / 2)
    assert chance.get_xdata()[0] == pytest.approx(100 / 3)
    for (left, right), x in zip(intervals(axes), points.get_xdata(), strict=True):
        assert 0 <= left <= x <= right <= 100
    assert (tmp_path / "s.png").stat().st_size > 1000


def intervals(axes):
    [lines] = axes.collections
    return [(path.vertices[0, 0], path.vertices[1, 0]) for path in lines.get_paths()]


def test_many_speakers_do_not_overlap(spoken, figures, drawn, tmp_path):
    many = [spoken[1].assign(speaker=f"speaker {n}") for n in range(60)]
    draw_speakers(many, EMOTIONS, "CNN_SeqCap, none", tmp_path / "s.png", figures)
    labels = [t.get_window_extent() for t in drawn[-1].axes[0].get_yticklabels()]
    boxes = sorted((box.y0, box.y1) for box in labels)
    assert all(low[1] <= high[0] for low, high in zip(boxes, boxes[1:], strict=False))
