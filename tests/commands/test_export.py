"""``sernas export``."""

import json

import pytest
from typer.testing import CliRunner

from sernas.base.errors import CorpusError
from sernas.commands.app import app

pytest.importorskip("onnxruntime")


def test_files_are_measured_beside_the_model(release, tiny, tmp_path):
    folder = release("cnn_lstm").folder
    manifest = tmp_path / "own.csv"
    rows = tiny.manifest[::7].assign(path=lambda table: [tiny.corpus / p for p in table["path"]])
    rows.to_csv(manifest, index=False)
    options = ["--from", "waveform", "--int8", "--measure", manifest, "--format", "json"]
    done = CliRunner().invoke(app, ["export", *map(str, [folder, *options])])
    assert done.exit_code == 0, (done.output, done.exception)
    own, whole, small = json.loads(done.stdout)
    assert {path.suffixes[0] for path in folder.glob("model*.onnx")} == {".onnx", ".int8"}
    assert small["MB"] < whole["MB"]
    assert whole["utterances"] == len(rows)
    assert own["apart"] == 0
    assert whole["apart"] < small["apart"] < 0.05
    assert whole["UA"] == own["UA"]


def test_a_manifest_without_emotions_is_told(release, tmp_path):
    manifest = tmp_path / "own.csv"
    manifest.write_text("path,label\na.wav,sad\n")
    done = CliRunner().invoke(
        app, ["export", str(release("cnn").folder), "--measure", str(manifest)]
    )
    assert isinstance(done.exception, CorpusError)
    assert "columns path and emotion, found no emotion" in str(done.exception)
