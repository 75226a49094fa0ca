import numpy as np
import pandas as pd
import pytest

from sernas.reporting.durations import draw_durations, in_groups

EMOTIONS = ["neutral", "sad"]


@pytest.fixture
def spoken():
    """Two seeds of 60 utterances of 1 to 60 s; what lasts longer than 30 s is taken for sad."""
    rows = [
        (f"u{n:02}", EMOTIONS[n % 2], float(n), EMOTIONS[n % 2] if n <= 30 else "sad")
        for n in range(60, 0, -1)
    ]
    table = pd.DataFrame(rows, columns=["utterance", "emotion", "seconds", "predicted"])
    return [table.assign(seed=seed) for seed in (1, 2)]


def test_groups_are_of_equally_many_utterances_with_all_their_predictions(spoken):
    groups = in_groups(pd.concat(spoken))
    assert [len(group) for group in groups] == [20] * 6
    assert [group.seconds.max() for group in groups] == [10, 20, 30, 40, 50, 60]
    assert len(in_groups(pd.concat(spoken).head(25))) == 2
    assert len(in_groups(pd.concat(spoken).head(3))) == 1


def test_the_ua_of_each_group_stands_at_its_median(spoken, figures, drawn, tmp_path):
    draw_durations(spoken, EMOTIONS, "CNN_SeqCap, none", tmp_path / "d.png", figures)
    axes = drawn[-1].axes[0]
    points, overall, chance = axes.lines
    np.testing.assert_allclose(points.get_xdata(), [5.5, 15.5, 25.5, 35.5, 45.5, 55.5])
    assert list(points.get_ydata()) == [100, 100, 100, 50, 50, 50]
    assert overall.get_ydata()[0] == pytest.approx(75)
    assert chance.get_ydata()[0] == 50
    assert [t.get_text() for t in axes.get_xticklabels()][:2] == ["5.5", "16"]
    assert (tmp_path / "d.png").stat().st_size > 1000
