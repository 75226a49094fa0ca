import numpy as np
import pytest
import soundfile

from sernas.base.errors import AudioError
from sernas.corpora import listening
from sernas.corpora.listening import Listener, worth_hearing
from sernas.settings.corpus import CorpusSettings


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Sixteen recordings, of which two are heard; the 6th is a copy of the 5th, the 9th silent."""
    monkeypatch.setattr(listening, "FEW", 4)
    monkeypatch.setattr(listening, "SOME", 2)
    files = [tmp_path / f"{n:02d}.wav" for n in range(16)]
    for n, file in enumerate(files):
        sound = np.random.default_rng(5 if n == 6 else n).normal(0, 0.1, 4000) * (n != 9)
        soundfile.write(file, sound, 8000)
    return files


def test_some_of_many_and_all_suspects_are_heard(many):
    assert worth_hearing(many) == {many[n] for n in (0, 5, 6, 8, 9)}
    assert worth_hearing(many, all_of_them=True) == set(many)
    assert worth_hearing(many[:4]) == set(many[:4])


def test_the_others_are_known_by_their_headers(many):
    listener = Listener(worth_hearing(many), CorpusSettings())
    heard, copy, seen = (listener(many[n]) for n in (5, 6, 7))
    assert heard.samples_sha256 == copy.samples_sha256 != seen.samples_sha256
    assert seen.seconds == 0.5
    with pytest.raises(AudioError, match="found silence"):
        listener(many[9])
    assert [bool(each.loudness_db) for each in listener.surveys.values()] == [True, True, False]
