"""eGeMAPS functionals in a store: those that openSMILE gives of the same file."""

import builtins

import numpy as np
import pytest
import soundfile
import torch

from sernas.base.errors import SettingsError
from sernas.features.egemaps import extract_egemaps
from sernas.features.store import FeatureStore
from sernas.folds.fold import Fold
from sernas.folds.shared_utterances import shared_utterances
from sernas.folds.statistics import training_statistics
from sernas.plan.start import check_libraries
from sernas.settings.features import FunctionalSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.training.fitted import fit
from sernas.training.from_scratch import Candidates

SETTINGS = FunctionalSettings()


@pytest.fixture
def extracted(tiny, tmp_path):
    """The store of some utterances, with what was left out."""
    pytest.importorskip("opensmile")

    def extract(manifest, on_bad_audio="fail"):
        out = tmp_path / "egemaps.h5"
        left_out = extract_egemaps(
            manifest, tiny.corpus, out, SETTINGS, on_bad_audio, threads=2, progress=False
        )
        return FeatureStore(out), left_out

    return extract


def test_a_frame_is_what_opensmile_gives_of_the_file(extracted, tiny):
    import opensmile

    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    some = tiny.manifest.iloc[:3]
    store, _ = extracted(some)
    for row, path in zip(store.index.itertuples(), some["path"], strict=True):
        expected = smile.process_file(tiny.corpus / path).to_numpy().astype(np.float16)
        assert np.array_equal(store.read(row.start, row.frames), expected)
    assert np.unique(store.read(0, 3), axis=0).shape == (3, 88)


def test_full_scale_stays_full_scale(extracted, tiny, tmp_path, speech):
    """In 16 bits 1.0 would be -1.0."""
    loud = 4 * speech(1.0)
    frames = []
    for highest in (1 - 2**-15, 1.0):
        soundfile.write(tmp_path / "loud.wav", loud.clip(-1, highest), 16000, "FLOAT")
        row = tiny.manifest.iloc[:1].assign(path=str(tmp_path / "loud.wav"))
        frames.append(extracted(row)[0].read(0, 1).copy())
    assert np.array_equal(*frames)


def test_too_little_speech_is_left_out(extracted, tiny, tmp_path, speech):
    soundfile.write(tmp_path / "short.wav", speech(0.005), 16000)
    manifest = tiny.manifest.iloc[:2].copy()
    manifest["path"] = [manifest["path"].iloc[0], str(tmp_path / "short.wav")]
    store, left_out = extracted(manifest, "exclude")
    assert len(store.index) == 1
    assert "too little (80 samples); leave the clip out" in left_out["reason"].item()


def test_a_regression_is_fitted_to_it(extracted, tiny, fold, tmp_path):
    store, _ = extracted(tiny.manifest)
    assert len(shared_utterances([fold.stores[0], store])) == len(tiny.manifest)
    training_statistics(store, fold.split, "bin").save(tmp_path / "egemaps.npz")
    own = Fold((store,), tiny.split, (tmp_path / "egemaps.npz",), tiny.folds, tiny.emotions)
    settings, space = TrainingSettings(1), SpaceSettings()
    trained = fit(
        Candidates("egemaps", [{}], own, settings, tiny.optimisation, space, 1, torch.device("cpu"))
    )
    assert trained.network.parameter_count() == 4 * 89
    assert max(row["inner_ua"] for row in trained.history) > 0.4


def test_a_missing_library_is_an_error(monkeypatch, tiny, tmp_path):
    imported = builtins.__import__

    def without(name, *arguments):
        if name == "opensmile":
            raise ImportError("no such module")
        return imported(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SettingsError, match=r"opensmile, which egemaps takes.*'\.\[egemaps\]'"):
        extract_egemaps(tiny.manifest, tiny.corpus, tmp_path / "x.h5", SETTINGS, "fail")


def test_a_missing_library_is_told_before_any_job(monkeypatch):
    check_libraries(["make_folds", "two_stream_extract_features"])
    monkeypatch.setattr("sernas.plan.start.find_spec", lambda name: None)
    check_libraries(["make_folds", "two_stream_extract_features"])
    for rule, extra in (("extract_egemaps", "egemaps"), ("two_stream_extract_embeddings", "deep")):
        with pytest.raises(SettingsError, match=rf"'\.\[{extra}\]'"):
            check_libraries([rule])
