"""``sernas export`` of released models."""

import json
import sys
from dataclasses import asdict, replace

import numpy as np
import onnx
import pytest
import torch

from sernas.base.errors import SernasError, SettingsError
from sernas.features.spectrogram import Spectrogram
from sernas.release.onnx_export import export_to_onnx
from sernas.release.onnx_front_end import SpectrogramLayer
from sernas.release.onnx_int8 import quantise
from sernas.release.onnx_run import Exported
from sernas.release.package import load
from sernas.settings.features import FeatureSettings

SETTINGS = [
    FeatureSettings(),
    FeatureSettings(n_mels=None, n_fft=8192, f_max=4000),  # interpolated where it is made
    FeatureSettings(n_mels=None, n_fft=640, f_min=500, scale="linear", window="hamming"),
    FeatureSettings(sample_rate=11025, window_ms=23, hop_ms=7.3, f_max=5000, n_mels=64, n_mfcc=40),
]


@torch.no_grad()
@pytest.mark.parametrize("settings", SETTINGS)
def test_the_front_end_is_that_of_extraction(speech, settings):
    samples = speech(1.3, settings.sample_rate)
    expected = torch.from_numpy(Spectrogram(settings)(samples)).half().float()
    found = SpectrogramLayer(settings)(torch.from_numpy(samples)[None])[0, 0].T
    assert found.shape == expected.shape
    close = torch.isclose(found, expected, rtol=2e-3, atol=2e-3)  # a step of half precision
    assert close.float().mean() > 0.9999
    assert (found == expected).float().mean() > 0.95
    torch.testing.assert_close(found, expected, rtol=2e-2, atol=2e-2)


@pytest.mark.parametrize(
    ("normalise", "by"),
    [("bin", "none"), ("bin", "mean"), ("bin", "mean_std"), ("global", "mean_std")],
)
def test_files_through_the_waveform(release, fold, tiny, tmp_path, normalise, by):
    folds = asdict(fold.settings) | {"normalise": normalise, "normalise_speakers": by}
    model = load(release("cnn", seeds=(0, 1), folds=folds).folder)
    export_to_onnx(model, tmp_path / "m.onnx", "waveform")
    exported = Exported(model, tmp_path / "m.onnx")
    for path in tiny.manifest["path"][::7]:
        found = exported(exported.inputs_of(tiny.corpus / path))
        expected = model.probabilities(tiny.corpus / path)
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_files_through_their_frames(release, tiny, tmp_path):
    model = load(release("cnn_lstm").folder)
    export_to_onnx(model, tmp_path / "m.onnx", "features")
    exported, path = Exported(model, tmp_path / "m.onnx"), tiny.corpus / tiny.manifest["path"][3]
    inputs = exported.inputs_of(path)
    np.testing.assert_allclose(exported(inputs), model.probabilities(path), atol=1e-6)
    np.testing.assert_allclose(exported.by_model(inputs), model.probabilities(path))


def test_silence_at_the_ends_is_trimmed(release, speech, tmp_path):
    audio = {"silence_db": -70.0, "trim_db": 30.0}
    model = load(release("cnn", audio=audio).folder)
    export_to_onnx(model, tmp_path / "m.onnx", "waveform")
    exported = Exported(model, tmp_path / "m.onnx")
    for silence in (0, 0.3, 1.7):
        sides = np.zeros(round(silence * 16000), np.float32)
        samples = np.concatenate([sides, speech(1.2), sides[::2], speech(0.5), sides, sides])
        samples += 1e-4 * np.random.default_rng(0).standard_normal(len(samples)).astype("f4")
        found, expected = exported([samples[None]]), model.probabilities(samples, 16000)
        np.testing.assert_allclose(found, expected, atol=1e-4)
        untrimmed = load(release("cnn").folder).probabilities(samples, 16000)
        assert silence == 0 or np.abs(untrimmed - expected).max() > 1e-3


def test_the_file_says_what_it_is(release, tmp_path):
    model = load(release("cnn_rnn_att").folder)
    export_to_onnx(model, tmp_path / "m.onnx", "waveform")
    onnx.checker.check_model(tmp_path / "m.onnx", full_check=True)
    found = Exported(model, tmp_path / "m.onnx").metadata
    assert tuple(json.loads(found["emotions"])) == model.emotions
    assert found["sample_rate"] == "16000"
    assert int(found["least_samples"]) > 0


def test_int8_is_smaller_and_little_else(release, tiny, tmp_path):
    model = load(release("cnn_lstm").folder)
    paths = [tmp_path / name for name in ("m.onnx", "m.int8.onnx")]
    export_to_onnx(model, paths[0], "waveform")
    quantise(*paths)
    saved = paths[0].stat().st_size - paths[1].stat().st_size
    assert saved > 2.5 * model.networks[0].system.parameter_count()  # of 4 bytes each
    whole, small = (Exported(model, path) for path in paths)
    assert whole.metadata.items() <= small.metadata.items()
    inputs = whole.inputs_of(tiny.corpus / tiny.manifest["path"][0])
    apart = np.abs(whole(inputs) - small(inputs)).max()
    assert 0 < apart < 0.05


def test_a_graph_that_computes_something_else_is_not_left(release, tmp_path, monkeypatch):
    model = load(release("cnn").folder)
    right = SpectrogramLayer.forward
    monkeypatch.setattr(SpectrogramLayer, "forward", lambda layer, x: 2 * right(layer, x))
    with pytest.raises(SernasError, match="within 0.001"):
        export_to_onnx(model, tmp_path / "m.onnx", "waveform")
    assert not list(tmp_path.glob("*.onnx"))


def test_what_else_is_made_of_samples_is_not_in_the_file(release, tmp_path):
    model = load(release("cnn").folder)
    about = replace(model.about, streams=("egemaps",), features=({},))
    with pytest.raises(SettingsError, match="found one of egemaps; export it with --from features"):
        export_to_onnx(replace(model, about=about), tmp_path / "m.onnx", "waveform")


def test_a_missing_library_is_told(release, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(SernasError, match=r"sernas\[onnx\]"):
        export_to_onnx(load(release("cnn").folder), tmp_path / "m.onnx", "waveform")
