import numpy as np
import pytest
import soundfile

from sernas.audio.recording import examine
from sernas.audio.survey import glance, survey
from sernas.base.errors import AudioError

RATE = 8000


@pytest.fixture
def spoken(tmp_path):
    """A second of noise with an RMS of 0.1 between half a second and a quarter of silence."""
    noise = np.random.default_rng(0).normal(0, 0.1, RATE)
    sound = np.concatenate([np.zeros(RATE // 2), noise, np.zeros(RATE // 4)])
    soundfile.write(tmp_path / "a.wav", np.stack([sound, sound], 1), RATE)
    return tmp_path / "a.wav"


def test_loudness_and_silent_ends(spoken):
    found = survey(spoken, -70)
    assert (found.rate, found.channels, found.seconds) == (RATE, 2, 1.75)
    assert found.lead_s == pytest.approx(0.5, abs=0.1)
    assert found.tail_s == pytest.approx(0.25, abs=0.1)
    assert found.loudness_db == pytest.approx(-20, abs=1)
    assert found.sounding_s == pytest.approx(1, abs=0.15)


def test_an_offset_is_not_loud(spoken):
    before = survey(spoken, -70).loudness_db
    sound, rate = soundfile.read(spoken)
    soundfile.write(spoken, sound + 0.4, rate)
    assert survey(spoken, -70).loudness_db == pytest.approx(before, abs=3)  # not -8


def test_the_samples_are_those_that_a_run_hears(spoken):
    heard = examine(spoken, -70)
    found = survey(spoken, -70)
    assert (found.samples_sha256, found.seconds) == (heard.samples_sha256, heard.seconds)


def test_a_glance_reads_the_header_alone(spoken):
    found = glance(spoken, -70)
    assert (found.rate, found.channels, found.seconds) == (RATE, 2, 1.75)
    assert found.loudness_db is None
    spoken.write_bytes(spoken.read_bytes()[:-1000])
    with pytest.raises(AudioError, match="expected a whole file, found a truncated one"):
        glance(spoken, -70)


def test_what_no_header_counts_is_heard(tmp_path):
    sound = np.random.default_rng(0).normal(0, 0.1, RATE)
    soundfile.write(tmp_path / "a.flac", sound, RATE)
    content = bytearray((tmp_path / "a.flac").read_bytes())
    content[21] &= 0xF0  # as of a writer to a pipe
    content[22:26] = bytes(4)
    (tmp_path / "a.flac").write_bytes(content)
    assert glance(tmp_path / "a.flac", -70).samples_sha256
