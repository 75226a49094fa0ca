import json

import numpy as np
import pandas as pd
import pytest

from sernas.base.files import write_csv
from sernas.reporting.agreement import Derived, read_derived
from sernas.reporting.diagnostics import draw_diagnostics, draw_searches
from sernas.reporting.searches import notes_of, searches_table
from sernas.systems.card import search_space

ROW = ("cnn_seqcap", "dropout")


@pytest.fixture
def search(history):
    """A search whose architecture weights end at ``last``, by gradients of so many standard
    errors."""

    def make(last, ratios=(2.0, 3.0, 4.0), seed=1, fold=1):
        found = history([1.3, 1.2], [1.35, 1.25], architecture=np.linspace(0.5, last, len(ratios)))
        blank = [np.nan, np.nan]
        return found.assign(
            seed=seed,
            fold=fold,
            mixture_loss=np.linspace(1.3, 0.9, len(found)),
            paths_loss=1.3,
            gradient=[*blank, *(0.01 * np.array(ratios))],
            gradient_noise=[*blank, *[0.01] * len(ratios)],
            wander=[*blank, *[0.003] * len(ratios)],
            **{"rms/conv2d_1": 0.5, "rms/dense": np.linspace(0.1, 0.2, len(found))},
        )

    return make


@pytest.fixture
def three(search):
    lasts = [0.8, 0.5, 0.501]
    return [search(a, fold=fold) for fold, a in enumerate(lasts, start=1)]


def derived(*names):
    return [Derived(1, fold, {"dense": name}) for fold, name in enumerate(names, start=1)]


def test_a_row_says_what_its_searches_amount_to(three, tmp_path):
    table = searches_table({ROW: three}, {ROW: derived("32", "32", "48")}, 4)
    (row,) = table.to_dict("records")
    assert (row["system"], row["nas"], row["runs"], row["moved"]) == (*ROW, 3, 1)
    assert row["largest_weight"] == pytest.approx(2 * (0.8 + 0.5 + 0.501) / 3, abs=1e-4)
    assert row["gradient_to_noise"] == 4  # of the last third of each
    assert row["kappa"] == pytest.approx((1 / 3 - 1 / 2) / (1 / 2), abs=1e-4)
    assert np.isnan(row["kappa_seeds"])
    assert (row["mixture_loss"], row["paths_loss"]) == (0.9, 1.3)
    write_csv(table, tmp_path / "searches.csv")
    assert notes_of(tmp_path / "searches.csv") == [
        "CNN_SeqCap, dropout: 2 of 3 searches have not moved; their architectures are draws of "
        "lots."
    ]


def test_a_row_whose_searches_mostly_moved_has_no_note(three, search, tmp_path):
    runs = [search(0.8), *three]
    table = searches_table({ROW: runs}, {ROW: derived(*["32"] * 4)}, 4)
    assert table["moved"].tolist() == [2]
    write_csv(table, tmp_path / "searches.csv")
    assert notes_of(tmp_path / "searches.csv") == []


def test_ranked_paths_have_no_gradient_and_leave_the_losses_of_the_weights(search):
    run = search(0.5)
    ranked = run["stage"] == "architecture"
    run.loc[ranked, "stage"] = "evolution"
    run.loc[ranked, ["gradient", "gradient_noise", "wander", "mixture_loss"]] = np.nan
    run.loc[ranked, "paths_loss"] = 9.0
    table = searches_table({ROW: [run]}, {ROW: derived("32")}, 4)
    (row,) = table.to_dict("records")
    assert np.isnan(row["gradient_to_noise"])
    assert row["paths_loss"] == 1.3


def test_curves_are_means_of_the_runs_through_all_stages(three, figures, drawn, tmp_path):
    three[0]["mixture_loss"] += 0.3
    for name in ("a.png", "b.png"):
        draw_diagnostics(three, derived("32", "32", "48"), 4, "CNN", tmp_path / name, figures)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    losses, signal, gradient, agreeing = drawn[-1].axes
    lines = {line.get_label(): line.get_xydata().tolist() for line in losses.lines}
    assert lines["mixture of all candidates"][0] == pytest.approx([1, 1.4])
    assert len(lines["mixture of all candidates"]) == 5
    assert len(lines["one path"]) == 2
    assert lines["next stage"][0][0] == 2.5
    assert {line.get_label() for line in signal.lines} == {"conv2d_1", "dense", "next stage"}
    assert gradient.lines[0].get_xydata().tolist() == pytest.approx(
        np.array([[3, 2], [4, 3], [5, 4]])
    )
    assert [bar.get_height() for bar in agreeing.patches] == pytest.approx([1 / 3])
    assert drawn[-1].get_suptitle() == "CNN: 1 of 3 searches have moved"


def test_edges_of_cells_are_drawn_node_by_node(cells, figures, drawn, tmp_path):
    space = search_space("darts_cnn_c4")
    blank = {
        name: np.nan for name in ("loss", "mixture_loss", "paths_loss", "probe_loss", "wander")
    }
    run = cells(("weights", {})).assign(**blank, gradient=np.nan, gradient_noise=np.nan)
    same = {layer: "none" for layer in space.layers} | {"normal_2_0": "skip_connect"}
    runs = [Derived(1, 1, same), Derived(1, 2, same | {"normal_2_0": "sep_conv_3x3"})]
    draw_diagnostics([run], runs, 4, "", tmp_path / "a.png", figures)
    _, signal, gradient, agreeing = drawn[-1].axes
    heights = pd.Series([bar.get_height() for bar in agreeing.patches])
    assert heights.tolist() == [0.5, *[1] * 7]
    assert [axes.texts[0].get_text() for axes in (signal, gradient)] == ["there is none"] * 2


def test_files_are_matched_row_by_row_and_run_by_run(search, figures, drawn, tmp_path):
    files = {".csv": [], ".json": []}
    for strategy, last in (("joint", 0.8), ("dropout", 0.5)):
        for seed, name in ((1, "32"), (2, "48")):
            path = tmp_path / "cnn_seqcap" / strategy / f"seed{seed}" / "fold3.csv"
            path.parent.mkdir(parents=True)
            search(last).drop(columns=["seed", "fold"]).to_csv(path, index=False)
            path.with_suffix(".json").write_text(json.dumps([{"dense": name}]))
            for suffix, of in files.items():
                of.append(path.with_suffix(suffix))
    assert read_derived(files[".json"])[ROW] == [
        Derived(1, 3, {"dense": "32"}),
        Derived(2, 3, {"dense": "48"}),
    ]
    pictures = [tmp_path / "joint.png", tmp_path / "dropout.png"]
    draw_searches([*files[".csv"], *files[".json"]], pictures, 4, figures)
    titles = [figure.get_suptitle() for figure in drawn]
    assert titles == [
        "CNN_SeqCap, joint: 2 of 2 searches have moved",
        "CNN_SeqCap, dropout: 0 of 2 searches have moved",
    ]


def test_ranked_paths_have_losses_of_their_own(search, figures, drawn, tmp_path):
    run = search(0.5)
    later = run["stage"] == "architecture"
    run.loc[later, "stage"] = "evolution"
    run.loc[later, "loss"] = [1.3, 1.2, 1.1]
    run.loc[later, "paths_loss"] = [1.4, 1.35, np.nan]
    draw_diagnostics([run], derived("32"), 4, "", tmp_path / "a.png", figures)
    lines = {line.get_label(): line.get_xydata().tolist() for line in drawn[-1].axes[0].lines}
    assert lines["mean of drawn paths"] == [[1, 1.3], [2, 1.3]]
    assert lines["best, validation"] == [[3, 1.3], [4, 1.2], [5, 1.1]]
    assert lines["a generation, validation"] == [[3, 1.4], [4, 1.35]]
