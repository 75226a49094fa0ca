"""All that is wrong with a corpus, at once."""

import numpy as np
import pytest
import soundfile

from sernas.base.errors import CorpusError
from sernas.corpora.heard import heard
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings

LINES = """path,speaker,emotion
0.wav,1,angry
1.wav,1,sad
2.wav,2,angry
3.wav,2,sad
../4.wav,2,sad
0.wav,1,angry
5.wav,,sad
6.wav,01,sad
copy.wav,2,sad
"""


@pytest.fixture
def settings(tmp_path):
    for n in (0, 1, 2, 3, 6):
        sound = np.random.default_rng(n).normal(0, 0.1, 2000)
        soundfile.write(tmp_path / f"{n}.wav", sound, 8000)
    (tmp_path / "copy.wav").write_bytes((tmp_path / "0.wav").read_bytes())
    (tmp_path / "manifest.csv").write_text(LINES)
    return CorpusSettings("manifest", str(tmp_path), ("angry", "happy", "sad"))


def tell_all(settings):
    errors = []
    corpus = read_corpus(settings, errors.append)
    return heard(corpus, settings, None, progress=False, refuse=errors.append), errors


def test_everything_is_told_and_the_rest_is_read(settings):
    corpus, errors = tell_all(settings)
    good = ["0.wav", "1.wav", "2.wav", "3.wav", "6.wav", "copy.wav"]
    assert list(corpus.utterances["path"]) == good
    said = "\n".join(map(str, errors))
    for each in (
        "line 6: expected a path inside the corpus folder",
        "line 7: expected each path once, found '0.wav' of line 2 again",
        "line 8: expected a non-empty speaker",
        "line 9: expected one spelling of each speaker",
        "no usable utterance with emotion happy",
        "found the same samples in 0.wav (1, angry) and copy.wav (2, sad)",
    ):
        assert each in said
    assert all(isinstance(error, CorpusError) for error in errors)


def test_a_run_ends_with_the_first(settings):
    with pytest.raises(CorpusError, match="line 6"):
        read_corpus(settings)


def test_missing_and_bad_audio_where_it_is_an_error(settings, tmp_path):
    (tmp_path / "manifest.csv").write_text("\n".join(LINES.split("\n")[:5]) + "\n")
    (tmp_path / "0.wav").unlink()
    (tmp_path / "3.wav").write_bytes(b"no audio")
    strict = CorpusSettings("manifest", str(tmp_path), ("angry", "sad"), on_bad_audio="fail")
    _, (missing, bad) = tell_all(strict)
    assert "0.wav, found none" in str(missing)
    assert "3.wav: expected audio" in str(bad)


def test_nothing_is_kept(settings, tmp_path):
    before = sorted(tmp_path.iterdir())
    tell_all(settings)
    assert sorted(tmp_path.iterdir()) == before
