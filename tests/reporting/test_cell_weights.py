from itertools import product

import numpy as np
import pytest

from sernas.reporting.architecture_weights import draw_weights
from sernas.reporting.cell_weights import final_weights
from sernas.space.cells import OF_SEQUENCES
from sernas.systems.card import search_space

SKIP = "skip_connect"


@pytest.fixture
def histories(cells):
    """Of two folds, the first of which ended earlier: 3 / 10 and 5 / 12 on one edge."""
    return [
        cells(("weights", {"normal_3_1": {SKIP: 3.0}})),
        cells(("weights", {}), ("weights", {"normal_3_1": {SKIP: 5.0}})),
    ]


def test_the_weights_are_those_after_each_folds_last_epoch(histories):
    weights = final_weights(histories)
    assert list(weights) == ["normal", "reduction"]
    assert weights["normal"].loc["normal_3_1", SKIP] == pytest.approx(8 * (3 / 10 + 5 / 12) / 2)
    assert weights["normal"].loc["normal_3_1", "none"] == pytest.approx(8 * (1 / 10 + 1 / 12) / 2)
    assert weights["normal"].drop("normal_3_1").to_numpy() == pytest.approx(1)
    assert weights["reduction"].to_numpy() == pytest.approx(1)
    assert all(panel.shape == (14, 8) for panel in weights.values())


def test_every_weight_stands_on_its_edge_and_operation(histories, figures, drawn, tmp_path):
    for name in ("a.png", "b.png"):
        draw_weights(histories, "DARTS CNN, C=4, darts", tmp_path / name, figures)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    *panels, bar = drawn[-1].axes
    assert [axes.get_title() for axes in panels] == ["normal cell", "reduction cell"]
    names = ["$c_{k-2}$", "$c_{k-1}$", "0", "1", "2", "3"]
    for axes, (kind, weights) in zip(panels, final_weights(histories).items(), strict=True):
        operations = [label.get_text() for label in axes.get_xticklabels()]
        edges = [label.get_text().split(r" $\to$ ") for label in panels[0].get_yticklabels()]
        assert len(axes.texts) == 14 * 8
        for text, (row, column) in zip(axes.texts, product(range(14), range(8)), strict=True):
            source, target = map(names.index, edges[row])
            expected = weights.loc[f"{kind}_{target}_{source}", operations[column]]
            assert text.get_position() == (column, row)
            assert float(text.get_text()) == pytest.approx(expected, abs=0.005)
            assert axes.images[0].get_array()[row, column] == expected
    most = 8 * (3 / 10 + 5 / 12) / 2
    assert bar.get_ylim() == pytest.approx((1 / most, most))


def test_text_lies_within_the_picture_and_on_its_own_place(histories, figures, drawn, tmp_path):
    draw_weights(
        histories, "DARTS CNN-LSTM, C=4, 3 LSTM layers, darts", tmp_path / "a.png", figures
    )
    (figure,) = drawn
    for axes in figure.axes[:2]:
        boxes = [text.get_window_extent() for text in axes.texts]
        width, height = axes.get_window_extent().size / (8, 14)
        assert all(box.width < width and box.height < height for box in boxes)
    assert figure.get_tightbbox().size == pytest.approx(figure.get_size_inches(), abs=0.2)


@pytest.mark.parametrize(
    ("strength", "limit"), [(1.01, 1.25), (1e9, 8)], ids=["hardly moved", "nothing left"]
)
def test_colours_neither_magnify_nor_run_away(cells, figures, drawn, tmp_path, strength, limit):
    history = cells(("weights", {"normal_2_0": {SKIP: strength}}))
    draw_weights([history], "", tmp_path / "a.png", figures)
    assert drawn[-1].axes[-1].get_ylim() == pytest.approx((1 / limit, limit))


def test_weights_of_zero_are_drawn(cells, figures, drawn, tmp_path):
    history = cells(("weights", {})).assign(**{"weight/normal_2_0/none": 0.0})
    with np.errstate(all="raise"):
        draw_weights([history], "", tmp_path / "a.png", figures)
    assert drawn[-1].axes[0].texts[0].get_text() == "0.00"


def test_the_deep_cell_has_a_panel_of_its_own_operations(cells, figures, drawn, tmp_path):
    space = search_space("two_stream_mean")
    history = cells(("weights", {"deep_3_1": {"bi_gru": 3.0}}), space=space)
    draw_weights([history], "", tmp_path / "a.png", figures)
    *panels, _ = drawn[-1].axes
    assert [axes.get_title() for axes in panels] == ["normal cell", "reduction cell", "deep cell"]
    assert [label.get_text() for label in panels[2].get_xticklabels()] == list(OF_SEQUENCES)
    assert len(panels[2].texts) == 14 * 7
    assert final_weights([history])["deep"].loc["deep_3_1", "bi_gru"] == pytest.approx(7 * 3 / 9)


def test_an_edge_may_have_candidates_of_its_own(cells, figures, drawn, tmp_path):
    history = cells(("weights", {"normal_3_1": {SKIP: 3.0}}))
    gone = [f"weight/normal_2_0/{name}" for name in ("none", "max_pool_3x3", "sep_conv_5x5")]
    history = history.drop(columns=gone).assign(**{"weight/normal_2_0/own": 0.5})
    cell = final_weights([history])["normal"]
    assert set(cell) == {*search_space("darts_cnn_c4")["normal_3_1"].candidates, "own"}
    assert cell.loc["normal_2_0"].isna().sum() == 3
    assert cell.loc["normal_2_0", "own"] == 6 * 0.5
    assert cell["own"].drop("normal_2_0").isna().all()
    draw_weights([history], "", tmp_path / "a.png", figures)
    assert len(drawn[-1].axes[0].texts) == 14 * 8 - 2
