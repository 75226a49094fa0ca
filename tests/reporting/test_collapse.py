import numpy as np
import pytest

from sernas.reporting.collapse import collapse_data, draw_collapse
from sernas.systems.card import search_space

SKIP = "skip_connect"


def skipping(*edges, strength=9.0):
    """Strengths of which just these edges derive a skip connection."""
    return {edge: {SKIP: strength} for edge in edges}


def share(strength):
    """The entropy of an edge with one operation of that strength, as a share of its maximum."""
    weights = np.array([strength, *[1] * 7]) / (strength + 7)
    return -(weights * np.log(weights)).sum() / np.log(8)


@pytest.fixture
def two_stages(cells):
    return [
        cells(
            ("weights", {}),
            ("weights", {}),
            ("architecture", skipping("normal_2_0")),
            ("architecture", skipping("normal_2_0", "normal_2_1", "reduction_5_4", strength=20)),
        ),
        cells(("weights", {}), ("weights", {}), ("architecture", skipping("normal_5_0"))),
    ]


def test_epochs_run_on_through_the_stages(two_stages):
    data = collapse_data(two_stages)
    assert data.columns.tolist() == ["fold", "stage", "epoch", "kind", "skips", "entropy"]
    first = data.query("fold == 1 and kind == 'normal'")
    assert first["epoch"].tolist() == [1, 2, 3, 4]
    assert first["stage"].tolist() == ["weights"] * 2 + ["architecture"] * 2
    assert first["skips"].tolist() == [0, 0, 1, 2]
    moved = [(13 + share(9)) / 14, (12 + 2 * share(20)) / 14]
    assert first["entropy"].tolist() == pytest.approx([1, 1, *moved])
    reduction = data.query("fold == 1 and kind == 'reduction'")
    assert reduction["skips"].tolist() == [0, 0, 0, 1]
    assert reduction["entropy"].tolist() == pytest.approx([1, 1, 1, (13 + share(20)) / 14])
    assert data.query("fold == 2 and kind == 'normal'")["skips"].tolist() == [0, 0, 1]
    assert len(data) == 2 * (4 + 3)


def lines_of(axes):
    return {line.get_label(): list(line.get_ydata()) for line in axes.lines}


def test_a_fold_that_ended_keeps_its_part_in_the_mean(two_stages, figures, drawn, tmp_path):
    for name in ("a.png", "b.png"):
        draw_collapse(two_stages, "DARTS CNN, C=4, dropout", tmp_path / name, figures, 2)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    normal, reduction, entropy, _ = drawn[-1].axes
    assert (normal.get_title(), reduction.get_title()) == ("normal cell", "reduction cell")
    first, second, mean, *_ = normal.lines
    assert first.get_xydata().tolist() == [[1, 0], [2, 0], [3, 1], [4, 2]]
    assert second.get_xydata().tolist() == [[1, 0], [2, 0], [3, 1]]
    assert mean.get_xydata().tolist() == [[1, 0], [2, 0], [3, 1], [4, 1.5]]
    assert entropy.lines[1].get_ydata()[-1] == pytest.approx((13 + share(9)) / 14)
    assert normal.get_ylim()[0] < 0 < 8 < normal.get_ylim()[1]


def test_the_border_of_the_stages_is_marked_in_every_panel(two_stages, figures, drawn, tmp_path):
    draw_collapse(two_stages, "", tmp_path / "a.png", figures, None)
    for axes in drawn[-1].axes:
        assert axes.lines[-1].get_xdata() == [2.5, 2.5]
    assert [text.get_text() for text in drawn[-1].legends[0].texts] == [
        "a run",
        "mean of the folds",
        "the architecture alone from here on",
    ]


def test_the_threshold_is_one_of_the_normal_cell(cells, figures, drawn, tmp_path):
    history = cells(("weights", {}), ("weights", skipping("normal_2_0", "normal_2_1")))
    draw_collapse([history], "", tmp_path / "a.png", figures, 2)
    normal, *others = drawn[-1].axes
    assert lines_of(normal)["a search ends here"] == [2, 2]
    assert [len(axes.lines) for axes in others] == [2, 2, 2]
    draw_collapse([history], "", tmp_path / "b.png", figures, None)
    assert len(drawn[-1].axes[0].lines) == 2


def test_the_legend_fits_with_all_that_it_can_name(two_stages, figures, drawn, tmp_path):
    draw_collapse(two_stages, "DARTS CNN", tmp_path / "a.png", figures, 2)
    (figure,) = drawn
    legend = figure.legends[0]
    assert len(legend.texts) == 4
    box = legend.get_window_extent()
    assert figure.bbox.x0 < box.x0 < box.x1 < figure.bbox.x1


def test_entropy_that_hardly_moves_is_not_magnified(cells, figures, drawn, tmp_path):
    history = cells(("weights", skipping("normal_2_0", strength=1.01)))
    draw_collapse([history], "", tmp_path / "a.png", figures, None)
    assert drawn[-1].axes[2].get_ylim()[0] == 0.99


def test_a_deep_cell_collapses_too(cells, figures, drawn, tmp_path):
    space = search_space("deep")
    history = cells(("weights", {}), ("weights", skipping("deep_2_0")), space=space)
    data = collapse_data([history])
    assert data["kind"].tolist() == ["deep"] * 2
    assert data["skips"].tolist() == [0, 1]
    assert data["entropy"][0] == pytest.approx(1)  # a share of the maximum of 7 operations
    draw_collapse([history], "", tmp_path / "a.png", figures, 2)
    top, _ = drawn[-1].axes
    assert lines_of(top)["a search ends here"] == [2, 2]
    assert "of the deep cell become" in drawn[-1].legends[0].get_title().get_text()
