"""What makes frames of samples gives those that stores hold."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from sernas.audio.reading import read_audio
from sernas.base.errors import AudioError, SettingsError
from sernas.features.egemaps import extract_egemaps
from sernas.features.embeddings import extract_embeddings
from sernas.features.extract import extract
from sernas.features.front_end import front_end
from sernas.features.store import FeatureStore
from sernas.settings.features import FunctionalSettings, SpeechModelSettings


def agrees(stream, path, corpus, **how):
    manifest, root = corpus
    with FeatureStore(path) as store:
        end = front_end(stream, store.settings, **how)
        for row, name in zip(store.index.itertuples(), manifest["path"], strict=True):
            frames = end(read_audio(root / name, end.sample_rate), name)
            assert frames.dtype == np.float16
            assert np.array_equal(frames, store.read(row.start, row.frames))
        return store.settings


def test_of_spectrograms(corpus, small, tmp_path):
    extract(*corpus, tmp_path / "a.h5", small, "fail", progress=False)
    settings = agrees("spectrogram", tmp_path / "a.h5", corpus)
    with pytest.raises(AudioError, match="one window"):
        front_end("spectrogram", settings)(np.zeros(10, np.float32), "a")


def test_of_functionals(corpus, tmp_path):
    pytest.importorskip("opensmile")
    extract_egemaps(*corpus, tmp_path / "a.h5", FunctionalSettings(), "fail", progress=False)
    agrees("egemaps", tmp_path / "a.h5", corpus)


def test_of_a_speech_model_that_has_moved(corpus, tiny_model, tmp_path):
    model, where = tiny_model(), {"device": torch.device("cpu"), "partial": tmp_path / "p"}
    wanted = SpeechModelSettings(str(model), batch_s=0.1, layers=(0, -1), step_ms=40)
    extract_embeddings(*corpus, tmp_path / "a.h5", wanted, "fail", progress=False, **where)
    moved = tmp_path / "moved"
    moved.symlink_to(model)
    settings = agrees("embeddings", tmp_path / "a.h5", corpus, speech_model=str(moved))
    with pytest.raises(SettingsError, match="whole speech model"):
        front_end("embeddings", replace(settings, model=str(tmp_path / "none")))
    with pytest.raises(SettingsError, match="another"):
        front_end("embeddings", settings, str(tiny_model(norm="group")))
