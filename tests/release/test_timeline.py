import numpy as np

from sernas.release.model import Segment
from sernas.release.timeline import MOST, draw_timeline, envelope


def test_the_envelope_of_a_long_recording_keeps_its_loudest_sample():
    samples = np.zeros(8000 * 40, np.float32)
    samples[8000 * 30] = 0.9
    times, low, high = envelope(samples, 8000)
    assert len(times) <= MOST
    assert high.max() > 0.8
    assert abs(times[high.argmax()] - 30) < 0.05
    assert (low <= high).all()


def test_a_picture_of_one_window(tmp_path, speech):
    only = Segment(0.0, 0.5, np.array([0.25, 0.75]))
    draw_timeline(speech(0.5)[::2], [only], ("a", "b"), "t", tmp_path / "a.png", rate=8000)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
