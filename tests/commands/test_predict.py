"""``sernas predict`` and ``sernas models``."""

import csv
import io
import json
import shutil
from dataclasses import asdict

import pytest
import soundfile
from typer.testing import CliRunner

from sernas.base.errors import SernasError
from sernas.commands.app import app
from sernas.release.package import load


@pytest.fixture
def model(release):
    return release().folder


@pytest.fixture
def recordings(tmp_path, speech):
    """A folder with two recordings, one in a folder of its own, a text and a broken file."""
    folder = tmp_path / "recordings"
    (folder / "inner").mkdir(parents=True)
    soundfile.write(folder / "a.wav", speech(1.0), 16000)
    soundfile.write(folder / "inner/b.flac", speech(2.5, 44100, seed=1), 44100)
    (folder / "notes.txt").write_text("no audio")
    (folder / "broken.wav").write_bytes(b"RIFF")
    return folder


def run(*arguments, code=0, **how):
    done = CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "300"}, **how)
    assert done.exit_code == code, (done.output, done.exception)
    return done


def test_folders_globs_and_files_each_once_and_what_is_broken_on_stderr(model, recordings):
    done = run("predict", model, recordings, recordings / "*.wav", "--format", "csv", code=1)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["file"] for row in rows] == [
        str(recordings / name) for name in ("a.wav", "inner/b.flac")
    ]
    expected = load(model).predict(recordings / "a.wav")
    assert rows[0]["emotion"] == expected.emotion
    for emotion, probability in expected.probabilities.items():
        assert float(rows[0][f"p_{emotion}"]) == pytest.approx(probability, abs=1e-6)
    assert done.stderr.count("sernas: ") == 1
    assert "broken.wav: expected audio" in done.stderr


def test_nothing_to_be_done_is_another_code(model, tmp_path):
    done = run("predict", model, tmp_path / "none*.wav", code=2)
    assert "none*.wav: expected an audio file, found none" in done.stderr
    assert done.stdout == ""


def test_a_model_that_normalises_by_speakers_asks_for_more_of_the_speaker(
    release, recordings, fold
):
    folds = asdict(fold.settings) | {"normalise_speakers": "mean_std"}
    model = release(folds=folds).folder
    alone = run("predict", model, recordings / "a.wav")
    assert "--speaker-recordings" in alone.stderr
    of_speaker = ("--speaker-recordings", recordings / "inner")
    told = run("predict", model, recordings / "a.wav", *of_speaker)
    assert told.stderr == ""
    assert told.stdout != alone.stdout


def test_a_recording_on_stdin(model, recordings):
    audio = (recordings / "a.wav").read_bytes()
    [of_stdin] = json.loads(run("predict", model, "-", "--format", "json", input=audio).stdout)
    [of_file] = json.loads(run("predict", model, recordings / "a.wav", "--format", "json").stdout)
    assert of_stdin == of_file | {"file": "-"}
    broken = run("predict", model, "-", code=2, input=b"RIFF")
    assert "standard input: expected audio" in broken.stderr


def test_segments_and_their_picture(model, recordings, tmp_path):
    picture = tmp_path / "b.png"
    options = ("--segments", "--format", "csv", "--plot", picture)
    done = run("predict", model, recordings / "inner/b.flac", *options)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["start"], row["end"]) for row in rows] == [("0.0", "2.0"), ("0.5", "2.5")]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_models_are_listed_where_they_lie(model, tmp_path):
    shutil.copytree(model, tmp_path / "elsewhere/mine")
    rows = json.loads(run("models", tmp_path, "--format", "json").stdout)
    assert [row["model"] for row in rows] == [
        str(tmp_path / name) for name in ("elsewhere/mine", "released/best")
    ]
    assert {row["UA"] for row in rows} == {"41.25 [30.50, 52.00]"}
    (tmp_path / "empty").mkdir()
    with pytest.raises(SernasError, match="found none"):
        CliRunner().invoke(app, ["models", str(tmp_path / "empty")], catch_exceptions=False)
