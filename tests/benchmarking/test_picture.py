import pytest
from matplotlib.figure import Figure

from sernas.benchmarking.picture import draw_benchmarks


@pytest.fixture
def panels(collected, tmp_path, monkeypatch):
    """The four panels of a picture that was drawn."""
    drawn = []
    savefig = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda f, *args, **kw: (drawn.append(f), savefig(f, *args, **kw))[1]
    )
    draw_benchmarks(collected, tmp_path / "b.png", 60)
    assert (tmp_path / "b.png").read_bytes().startswith(b"\x89PNG")
    return [axes for part in drawn[0].subfigs for axes in part.axes]


def test_every_figure_has_its_bar_or_curve(panels, collected):
    steps, speeds, growth, candidates = panels
    rows = collected.set_index(["benchmark", "size", "variant"])["ratio"]
    joint = next(bars for bars in steps.containers if bars.get_label() == "joint")
    heights = [1 + bar.get_height() for bar in joint.patches]
    expected = rows.loc[["supernet_step", "supernet_step_printed"], :, "joint"]
    assert heights == pytest.approx(expected.tolist())
    assert {1.2, 1.3} <= {
        float(line.get_ydata()[0]) for line in steps.lines if "target" in line.get_label()
    }
    assert [text.get_text() for text in speeds.get_yticklabels()][::-1] == [
        "spectrograms, torch",
        "spectrograms, sernas",
        "files to store, sernas",
        "files to store, sernas, 2 threads",
        "32 bins, CNN_RNN_att",
        "32 bins, CNN_SeqCap",
    ]
    assert speeds.patches[0].get_width() == pytest.approx(
        rows.loc["evaluation", "32 bins, CNN_SeqCap", "sernas"]
    )
    assert len(growth.lines) == 7
    assert growth.lines[0].get_xdata().tolist() == [1, 2]
    assert [line.get_label() for line in candidates.lines] == [
        "branch, ms",
        "branch, MiB",
        "merged, ms",
        "merged, MiB",
    ]
    assert candidates.lines[0].get_xdata().tolist() == [1, 2]
