import math

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from sernas.base.errors import AudioError, SettingsError
from sernas.release import model as module
from sernas.release.package import load
from sernas.release.source import Source
from sernas.release.windows import windows


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(1, 30), st.integers(1, 30))
def test_windows_are_parts_of_the_recording_and_leave_nothing_out(sizes, length, hop):
    hop = min(hop, length)
    whole = np.arange(sum(sizes), dtype=np.float32)
    blocks = np.split(whole, np.cumsum(sizes)[:-1]) if sizes else []
    found = list(windows(blocks, length, hop))
    heard = np.zeros(len(whole), bool)
    for first, samples in found:
        assert np.array_equal(samples, whole[first : first + len(samples)])
        assert len(samples) == min(length, len(whole))
        heard[first : first + len(samples)] = True
    assert heard.all()
    starts = [first for first, _ in found]
    assert starts[:-1] == list(range(0, hop * len(starts), hop))[: len(starts) - 1]
    assert len(starts) == (len(whole) > 0) * (1 + max(0, math.ceil((len(whole) - length) / hop)))


def test_a_long_recording_is_the_mean_of_its_minutes(release, speech, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WHOLE_S", 1.0)
    model = load(release().folder)
    samples = np.concatenate([speech(1.0, seed=seed) for seed in (1, 2)])
    soundfile.write(tmp_path / "long.wav", samples, 16000)
    found = model.probabilities(tmp_path / "long.wav")
    soundfile.write(tmp_path / "a.wav", samples[:16000], 16000)
    soundfile.write(tmp_path / "b.wav", samples[16000:], 16000)
    parts = [model.probabilities(tmp_path / name) for name in ("a.wav", "b.wav")]
    assert abs(parts[0] - parts[1]).max() > 1e-4
    np.testing.assert_allclose(found, np.mean(parts, axis=0), rtol=1e-5)


def test_segments_are_heard_as_if_each_were_alone(release, speech):
    model = load(release().folder)
    samples = speech(3.2)
    segments = list(model.segments(samples, 2.0, 0.5, rate=16000))
    assert [(s.start, s.end) for s in segments] == [(0, 2), (0.5, 2.5), (1, 3), (1.2, 3.2)]
    for segment in segments:
        part = samples[round(16000 * segment.start) : round(16000 * segment.end)]
        expected = model.probabilities(part, 16000)
        np.testing.assert_allclose(segment.probabilities, expected, rtol=1e-5)
    with pytest.raises(SettingsError, match="hop above 0"):
        model.segments(samples, 1.0, 2.0, rate=16000)


def test_a_recording_of_hours_is_read_in_pieces(tmp_path):
    """Though no utterance of a corpus may last so long."""
    path = tmp_path / "hours.wav"
    with soundfile.SoundFile(path, "w", 1000, 1) as file:
        for _ in range(61):
            file.write(np.resize([0.1, -0.1], 60_000))
    blocks = list(Source(path).blocks(1000))
    assert sum(map(len, blocks)) == 61 * 60_000
    assert max(map(len, blocks)) < 400_000


@pytest.mark.parametrize("bad", ["too short", "silent", "missing"])
def test_what_the_workflow_would_leave_out_is_told(release, speech, tmp_path, bad):
    model, path = load(release().folder), tmp_path / "a.wav"
    if bad != "missing":
        soundfile.write(path, speech(0.01) if bad == "too short" else np.zeros(16000), 16000)
    with pytest.raises(AudioError, match=r"a\.wav: expected"):
        model.predict(path)
