"""``sernas check``."""

import hashlib
import json
import os
import shlex
import sys

import numpy as np
import pytest
import soundfile
from features.bad_audio import CASES
from typer.testing import CliRunner

from sernas.commands.app import app, main
from sernas.corpora import listening
from sernas.corpora.unlabelled import RECORDINGS

PEOPLE, EMOTIONS = ("anna", "bob", "cy", "dee"), ("angry", "happy", "neutral", "sad")


@pytest.fixture
def mine(tmp_path):
    """Four people with every emotion twice, in folders."""
    for n, (who, emotion, take) in enumerate(
        (who, emotion, take) for who in PEOPLE for emotion in EMOTIONS for take in "12"
    ):
        file = tmp_path / "mine" / who / emotion / f"take{take}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(file, np.random.default_rng(n).normal(0, 0.1, 4000), 8000)
    return tmp_path / "mine"


def run(*words):
    done = CliRunner().invoke(app, ["check", *map(str, words)], env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


def report(*words):
    code, printed = run(*words, "--format", "json")
    found = json.loads(printed)
    assert found["exit_code"] == code
    return found


def digest(root):
    """Names, content and dates of all that is in a folder."""
    state = [
        (str(path), path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    ]
    return hashlib.sha256(repr(state).encode()).hexdigest()


def test_a_folder_becomes_a_manifest_that_a_run_takes(mine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = digest(tmp_path)
    code, printed = run(mine)
    assert code == 0
    assert digest(tmp_path) == before
    assert "speaker = the 1st folder, emotion = the 2nd folder" in printed
    assert "32 utterances of 4 speakers" in printed
    assert "Folds: speaker, 3 folds" in printed
    words = shlex.split(printed.partition("Next: ")[2])
    assert words[:2] == ["sernas", "check"]
    code, printed = run(*words[2:])
    assert code == 0
    assert f"corpus=manifest corpus_root={mine} manifest=manifest.csv" in printed
    found = report(mine)
    assert found["notes"][0] == "labels are those of manifest.csv"
    assert found["found"]["speakers"]["anna"] == dict.fromkeys(EMOTIONS, 2)
    assert found["found"]["heard"] == found["found"]["usable"] == 32
    assert found["found"]["loudness_db"][1] == pytest.approx(-20, abs=1)
    tests = [speaker for fold in found["folds"].values() for speaker in fold["speakers"]["test"]]
    assert sorted(tests) == sorted(PEOPLE)


def test_all_that_is_wrong_with_a_manifest(mine, tmp_path):
    run(mine, "--write-manifest", mine / "manifest.csv")
    table = mine / "manifest.csv"
    table.write_text(
        table.read_text()
        + "anna/sad/take1.wav,anna,sad\n"  # again
        + "gone.wav,bob,sad\nshort.wav,bob,sad\nspam.wav,cy,sadd\n"
        + "wrong.wav,bob,happy\nsame.wav,cy,sad\n"
        + "x.wav,Anna,sad\n"
    )
    soundfile.write(mine / "short.wav", np.random.default_rng(99).normal(0, 0.1, 400), 8000)
    (mine / "same.wav").write_bytes((mine / "cy/sad/take1.wav").read_bytes())
    (mine / "wrong.wav").write_bytes((mine / "cy/sad/take1.wav").read_bytes())
    (mine / "dee/sad/take2.wav").write_bytes(b"no audio")
    found = report(table)
    faults = {row["path"]: row["reason"] for row in found["faults"]}
    bad = ["dee/sad/take2.wav", "gone.wav", "same.wav", "short.wav", "spam.wav", "x.wav"]
    assert sorted(faults) == bad
    assert faults["same.wav"] == "it holds the same samples as cy/sad/take1.wav"
    assert "expected 4 frames or more, found 2" in faults["short.wav"]
    assert "did you mean sad?" in faults["spam.wav"]
    said = "\n".join(found["refused"])
    assert "expected each path once" in said
    assert "expected one spelling of each speaker" in said
    assert "the same samples in" in said
    assert found["exit_code"] == 2
    assert found["run"] == ""


def test_labels_that_cannot_be_read_are_one_reason(mine):
    (mine / "manifest.csv").write_text("path,speaker\n")
    found = report(mine)
    assert len(found["refused"]) == 1
    assert "line 1: expected the columns" in found["refused"][0]
    assert "recordings that manifest.csv does not name: 32" in found["notes"]


def test_recordings_none_of_which_can_be_used(mine):
    for file in mine.rglob("*.wav"):
        file.write_bytes(b"")
    found = report(mine, "--config", "most_left_out=1")
    assert (found["exit_code"], len(found["faults"]), found["found"]["usable"]) == (2, 32, 0)


def test_what_would_be_left_out_is_told_by_the_exit_code(mine):
    (mine / "anna/sad/take1.wav").write_bytes(b"")
    code, printed = run(mine)
    assert code == 1
    assert "anna/sad/take1.wav: expected audio" in printed


def test_folds_that_cannot_be_made(mine):
    found = report(mine, "--config", "folds={count: 9}")
    assert found["exit_code"] == 2
    assert "folds.count to 4: that works" in found["refused"][0]


def test_other_emotions_are_those_found_unless_they_are_said(mine):
    for folder in mine.glob("*/neutral"):
        folder.rename(folder.with_name("calm"))
    found = report(mine)
    assert found["emotions"] == ["angry", "calm", "happy", "sad"]
    assert found["exit_code"] == 0
    found = report(mine, "--config", "emotions=[angry, sad]")
    assert found["emotions"] == ["angry", "sad"]
    assert {row["emotion"] for row in found["left_out"]} == {"calm", "happy"}
    found = report(mine, "--config", "emotions=[angry, bored]")
    assert "no usable utterance with emotion bored" in found["refused"][0]


def test_a_known_corpus_is_recognised(tmp_path):
    for actor in range(1, 7):
        for emotion in ("01", "03", "04", "05"):
            file = tmp_path / f"Actor_{actor:02d}/03-01-{emotion}-01-01-01-{actor:02d}.wav"
            file.parent.mkdir(exist_ok=True)
            noise = np.random.default_rng([actor, int(emotion)]).normal(0, 0.1, 4000)
            soundfile.write(file, noise, 8000)
    code, printed = run(tmp_path)
    assert "looks like ravdess, and is read so (--corpus ravdess)" in printed
    assert "ravdess differs from the published counts" in printed
    assert code == 0
    assert report(tmp_path, "--corpus", "ravdess")["found"]["usable"] == 24


def test_of_many_some_are_heard_and_it_says_so(mine, monkeypatch):
    monkeypatch.setattr(listening, "FEW", 4)
    monkeypatch.setattr(listening, "SOME", 4)
    code, printed = run(mine)
    assert code == 0
    assert "Of the other 28 only the headers were read" in printed
    assert "of 4 heard" in printed
    assert "only the headers" not in run(mine, "--hear-all")[1]


SMALL = {name: each for name, each in CASES.items() if not each.path.startswith(("mp3", "lengths"))}


def test_a_folder_of_rubbish(mine):
    """Whatever lies there: an end, no traceback, and nothing changed."""
    rubbish = mine / "anna/angry"
    for number, each in enumerate(SMALL.values()):
        path = rubbish / f"{number}" / each.path.rpartition("/")[2]
        path.parent.mkdir()
        each.make(path)
    (mine / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(500))
    (mine / "film.webm").write_bytes(b"\x1aE\xdf\xa3" + bytes(500))
    (rubbish / "film.wav").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(500))
    (rubbish / "new\nline.wav").write_bytes(b"")
    (rubbish / "\udcff.wav").write_bytes(b"")
    (rubbish / "[red]x :smile:.wav").write_bytes(b"")
    (rubbish / "._take1.wav").write_bytes(b"\0\5\x16\7")
    (rubbish / "circle").symlink_to("..")
    before = digest(mine)
    code, printed = run(mine, "--config", "most_left_out=0.9")
    assert digest(mine) == before
    assert code in (1, 2)
    assert "not read, for their sound is in no audio file: 2" in printed
    found = report(mine, "--config", "most_left_out=0.9")
    faults = {row["path"]: row["reason"] for row in found["faults"]}
    assert "something else or damage" in faults["anna/angry/film.wav"]
    assert "something else or damage" in faults["anna/angry/[red]x :smile:.wav"]
    assert "letters that print" in faults["anna/angry/new\\nline.wav"]
    assert "letters that print" in faults["anna/angry/\\udcff.wav"]
    assert not any("circle" in path or "._" in path for path in faults)
    for number, each in enumerate(SMALL.values()):
        name = each.path.rpartition("/")[2]
        file = rubbish / f"{number}/{name}"
        seen = name.endswith(RECORDINGS) and not name.startswith(".") and not os.path.isdir(file)
        if each.reason and seen and os.path.lexists(file):
            assert f"anna/angry/{number}/{name}" in faults


@pytest.mark.parametrize(
    ("make", "words", "said"),
    [
        (lambda root: None, [], "is empty; expected in it: recordings"),
        (lambda root: root.rmdir(), [], "does not exist"),
        (lambda root: (root / "a.wav").touch(), [], "expected recordings whose paths name two"),
        (lambda root: None, ["--corpus", "ravdess"], "is empty; expected in it: RAVDESS"),
        (lambda root: (root.rmdir(), root.touch()), ["--corpus", "savee"], "is not a folder"),
        (lambda root: None, ["--corpus", "ravdes"], "corpus: 'ravdes' is not one of"),
        (lambda root: None, ["--config", "sead=1"], "did you mean seed?"),
        (lambda root: None, ["--speaker", "("], "--speaker: expected a regular expression"),
    ],
)
def test_what_cannot_be_checked_is_one_line_and_exit_code_2(
    tmp_path, monkeypatch, capsys, make, words, said
):
    root = tmp_path / "root"
    root.mkdir()
    make(root)
    monkeypatch.setattr(sys, "argv", ["sernas", "check", str(root), *words])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    assert end.value.code == 2
    assert said in printed.out + printed.err
    assert "Traceback" not in printed.err
