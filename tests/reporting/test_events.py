"""What TensorBoard shows of runs that are over, that go on, and that were begun anew."""

import pandas as pd
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from sernas.base.diary import Entry, write_entry
from sernas.base.errors import SettingsError
from sernas.reporting import events
from sernas.reporting.events import Events

ROW = "cnn_seqcap_dropout_seed1"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "tensorboard"


def points(folder, tag="loss"):
    """(step, value) of a curve."""
    shown = EventAccumulator(str(folder))
    shown.Reload()
    return [(each.step, pytest.approx(each.value)) for each in shown.Scalars(tag)]


def write_csv(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(path, index=False)


def test_a_search_that_is_over_has_a_curve_over_all_its_stages(tmp_path, out):
    path = tmp_path / "search/cnn_seqcap/dropout/seed1/fold2.csv"
    stages = [("weights", 1, 0.5, 2.0), ("weights", 2, 0.25, None), ("architecture", 1, 0.125, 1.0)]
    names = ("stage", "epoch", "loss", "probe_loss")
    write_csv(path, [dict(zip(names, row, strict=True)) for row in stages])
    assert Events(tmp_path, out).update() == 3
    assert points(out / f"search/{ROW}/fold2") == [(1, 0.5), (2, 0.25), (3, 0.125)]
    assert points(out / f"search/{ROW}/fold2", "probe_loss") == [(1, 2.0), (3, 1.0)]


def test_a_training_keeps_its_curve_when_its_history_becomes_a_result(tmp_path, out):
    writer = Events(tmp_path, out)
    place = tmp_path / f"darts/resume/training/{ROW}_1_2/fold2/candidate1"
    curve = out / f"darts/training/{ROW}/fold2/candidate1"
    write_entry(place, Entry(1, 1.0, {"epoch": 1, "loss": 0.5}))
    assert writer.update() == 1
    assert points(curve) == [(1, 0.5)]
    write_entry(place, Entry(2, 2.0, {"epoch": 2, "loss": 0.25}))
    assert (writer.update(), writer.update()) == (1, 0)
    assert points(curve) == [(1, 0.5), (2, 0.25)]
    rows = [{"candidate": 1, "epoch": i, "loss": loss} for i, loss in ((1, 0.5), (2, 0.25))]
    write_csv(tmp_path / "darts/models/cnn_seqcap/dropout/seed1/fold2.csv", rows)
    assert writer.update() == 0
    assert points(curve) == [(1, 0.5), (2, 0.25)]


def test_who_reads_along_sees_no_point_twice_after_a_new_beginning(tmp_path, out):
    writer = Events(tmp_path, out)
    place, curve = tmp_path / f"resume/search/{ROW}/fold1", out / f"search/{ROW}/fold1"
    write_entry(place, Entry(1, 1.0, {"loss": 0.5}))
    write_entry(place, Entry(2, 2.0, {"loss": 0.4}))
    writer.update()
    shown = EventAccumulator(str(curve))
    shown.Reload()
    write_entry(place, Entry(1, 1.0, {"loss": 0.25}))
    writer.update()
    shown.Reload()
    assert [(each.step, each.value) for each in shown.Scalars("loss")] == [(1, 0.25)]


def test_what_has_no_epochs_has_no_curve(tmp_path, out):
    write_csv(tmp_path / "models/svm/none/seed1/fold1.csv", [{"c": 1.0, "accuracy": 0.5}])
    assert Events(tmp_path, out).update() == 0


def test_without_tensorboard_it_says_what_to_install(tmp_path, out, monkeypatch):
    monkeypatch.setattr(events, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="tensorboard"):
        Events(tmp_path, out)
