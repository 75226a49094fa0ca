import numpy as np
import pytest

from sernas.reporting.architecture_weights import draw_weights, weights_data


def entropy(a):
    return -(a * np.log(a) + (1 - a) * np.log(1 - a))


@pytest.fixture
def two_stages(history):
    return [history([1.0, 0.5], [1, 1], architecture=a) for a in ([0.6, 0.7], [0.5, 0.9])]


def test_a_stage_of_its_own_is_shown_from_where_it_starts(two_stages):
    data = weights_data(two_stages)
    assert data.index.tolist() == [0, 1, 2]
    assert data["weight/dense/32"].tolist() == pytest.approx([0.5, 0.55, 0.8])
    means = [np.log(2), (entropy(0.6) + entropy(0.5)) / 2, (entropy(0.7) + entropy(0.9)) / 2]
    assert data["entropy/dense"].tolist() == pytest.approx(means)


def test_weights_that_are_trained_with_the_operations_are_shown_throughout(history):
    joint = history([1.0, 0.9, 0.8], [1, 1, 1]).assign(**{"weight/dense/32": [0.5, 0.6, 0.7]})
    data = weights_data([joint])
    assert data.index.tolist() == [1, 2, 3]
    assert data["weight/dense/32"].tolist() == [0.5, 0.6, 0.7]


def test_every_layer_has_its_panels(two_stages, figures, drawn, tmp_path):
    for name in ("a.png", "b.png"):
        draw_weights(two_stages, "CNN_SeqCap, dropout", tmp_path / name, figures)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    top, bottom = drawn[-1].axes
    first, second, uniform = top.lines
    assert first.get_ydata() == pytest.approx([1, 1.1, 1.6])  # of the uniform weight, 1/2
    assert second.get_ydata() == pytest.approx([1, 0.9, 0.4])
    assert list(uniform.get_ydata()) == [1, 1]
    assert top.get_legend().get_title().get_text() == "dense"
    assert [text.get_text() for text in top.get_legend().texts] == ["32", "48"]
    last = (entropy(0.7) + entropy(0.9)) / 2 / np.log(2)
    assert bottom.lines[0].get_ydata()[[0, 2]] == pytest.approx([1, last])


def test_entropy_that_hardly_moves_is_not_magnified(history, figures, drawn, tmp_path):
    still = history([1.0], [1], architecture=[0.5001, 0.5002])
    draw_weights([still], "", tmp_path / "a.png", figures)
    assert drawn[-1].axes[1].get_ylim()[0] == 0.99
