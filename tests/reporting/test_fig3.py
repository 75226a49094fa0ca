import pytest

from sernas.base.files import write_csv
from sernas.reporting.fig3 import draw_fig3, fig3_data


@pytest.fixture
def data(history):
    return fig3_data(
        {
            "joint": [history([1.0, 0.5], [1.5, 1.25]), history([2.0, 1.0], [2.5, 1.75])],
            "dropout": [history([1.25, 0.75], [1.0, 0.5], architecture=[0.6, 0.7, 0.8])],
        }
    )


def test_curves_are_means_over_the_folds_of_the_epochs_that_train_weights(data, tmp_path):
    write_csv(data, tmp_path / "fig3.csv")
    assert (tmp_path / "fig3.csv").read_text().splitlines() == [
        "panel,strategy,epoch,loss",
        "a,joint,1,1.5",
        "a,joint,2,0.75",
        "a,dropout,1,1.25",
        "a,dropout,2,0.75",
        "b,joint,1,2.0",
        "b,joint,2,1.5",
        "b,dropout,1,1.0",
        "b,dropout,2,0.5",
    ]


def test_each_panel_draws_its_curves_in_the_configured_colours(data, figures, drawn, tmp_path):
    draw_fig3(data, tmp_path / "3.pdf", tmp_path / "3.png", figures, "cnn_seqcap")
    figure = drawn[-1]
    left, right = figure.axes
    assert figure.get_suptitle() == "CNN_SeqCap"
    assert [axes.get_title()[:3] for axes in (left, right)] == ["(a)", "(b)"]
    assert [line.get_ydata().tolist() for line in left.lines] == [[1.5, 0.75], [1.25, 0.75]]
    assert [line.get_ydata().tolist() for line in right.lines] == [[2.0, 1.5], [1.0, 0.5]]
    assert [line.get_xdata().tolist() for line in left.lines] == [[1, 2], [1, 2]]
    assert [line.get_color() for line in right.lines] == ["#0072B2", "#009E73"]
    assert [text.get_text() for text in left.get_legend().texts] == ["joint", "dropout"]


def test_more_strategies_than_line_styles_are_all_drawn(history, figures, drawn, tmp_path):
    names = [f"strategy_{i}" for i in range(5)]
    data = fig3_data({name: [history([1.0], [1.0])] for name in names})
    draw_fig3(data, tmp_path / "3.pdf", tmp_path / "3.png", figures, "mine")
    lines = drawn[-1].axes[0].lines
    assert [line.get_label() for line in lines] == names
    assert len({line.get_color() for line in lines}) == 5


def test_a_panel_without_a_candidate_says_so(history, figures, drawn, tmp_path):
    data = fig3_data({"joint": [history([1.0, 0.5], [None, None])]})
    assert data["panel"].tolist() == ["a", "a"]
    draw_fig3(data, tmp_path / "3.pdf", tmp_path / "3.png", figures, "mine")
    left, right = drawn[-1].axes
    assert len(left.lines) == 1
    assert len(right.lines) == 0
    assert [text.get_text() for text in right.texts] == ["not taken (search.probe: 0)"]


def test_files_are_the_same_on_each_run(data, figures, tmp_path):
    for run in ("first", "second"):
        draw_fig3(data, tmp_path / f"{run}.pdf", tmp_path / f"{run}.png", figures, "cnn_seqcap")
    for suffix, magic in ((".pdf", b"%PDF"), (".png", b"\x89PNG")):
        first, second = ((tmp_path / run).with_suffix(suffix) for run in ("first", "second"))
        assert first.read_bytes().startswith(magic)
        assert first.read_bytes() == second.read_bytes()
    assert len(list(tmp_path.iterdir())) == 4
