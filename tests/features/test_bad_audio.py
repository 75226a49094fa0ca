"""Each bad file is read as it is, or left out with its reason; none stops the others."""

import csv
import os
import re

import numpy as np
import pytest
from features.bad_audio import CASES, RATE, make, unreadable

from sernas.audio.reading import read_audio
from sernas.base.errors import AudioError
from sernas.corpora.registry import read_corpus
from sernas.features.extract import extract
from sernas.features.store import FeatureStore
from sernas.settings.corpus import CorpusSettings
from sernas.settings.features import FeatureSettings

SETTINGS = FeatureSettings(RATE, 40, 25, 1024, 0, 8000, 32, "log", 1e-5)

SILENCE_DB = CorpusSettings().silence_db


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("bad")
    make(root)
    return root


def test_there_are_enough():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_file_is_read_or_its_reason_given(root, case):
    path = root / case.path
    if case.reason:
        with pytest.raises(AudioError, match=case.reason) as error:
            read_audio(path, RATE, SILENCE_DB)
        assert str(error.value).startswith(f"{path}: expected ")
        assert ";" in str(error.value)
        return
    audio = read_audio(path, RATE, SILENCE_DB)
    assert audio.dtype == np.float32
    assert audio.ndim == 1
    assert np.isfinite(audio).all()
    if case.length:
        assert len(audio) == case.length
    if case.exact is not None:
        np.testing.assert_allclose(audio, case.exact, rtol=1e-6, atol=1e-45)


def test_a_corpus_of_them_all(root, tmp_path):
    rows = [["path", "speaker", "emotion", "utterance"]]
    rows += [[case.path, "S", "sad", name] for name, case in CASES.items()]
    with open(root / "manifest.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    corpus = read_corpus(CorpusSettings("manifest", str(root), ("sad",)))
    out = tmp_path / "features.h5"
    options = {"silence_db": SILENCE_DB, "threads": 2, "progress": False}
    excluded = extract(corpus.utterances, root, out, SETTINGS, "exclude", **options)
    reasons = dict(
        zip(
            [*corpus.excluded["utterance"], *excluded["utterance"]],
            [*corpus.excluded["reason"], *excluded["reason"]],
            strict=True,
        )
    )
    bad = {name for name, case in CASES.items() if case.reason or case.clip}
    assert set(reasons) == bad
    for name in bad:
        pattern = CASES[name].reason or "at least one window|4 frames or more"
        assert re.search(pattern, reasons[name]), (name, reasons[name])
    with FeatureStore(out) as store:
        index = store.index.set_index("utterance")
        assert set(index.index) == set(CASES) - bad
        for name, row in index.iterrows():
            frames = store.read(row["start"], row["frames"])
            assert np.isfinite(frames.astype(np.float32)).all()
            if CASES[name].length:
                assert row["seconds"] == CASES[name].length / RATE
                assert row["frames"] == 1 + CASES[name].length // SETTINGS.hop


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    """As above, for those who run the tests as root."""
    unreadable(tmp_path / "a.wav")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(AudioError, match=r"a.wav: expected .* permissions forbid it; change them"):
        read_audio(tmp_path / "a.wav", RATE)
