import os

import pytest

from sernas.base.errors import CorpusError, SettingsError
from sernas.corpora.layout import Layout, places_of
from sernas.corpora.recognised import recognised
from sernas.corpora.registry import CORPORA
from sernas.corpora.unlabelled import Unlabelled, recordings_of, write_manifest
from sernas.settings.corpus import CorpusSettings

LAYOUT = Layout(*places_of("^([^/]+)/", r"_([a-z]+)\.", None))


def settings(root):
    return CorpusSettings("manifest", str(root), ("angry", "sad"))


def read(paths, root="/data"):
    return Unlabelled(paths, LAYOUT).read(settings(root), pytest.fail)


def test_what_the_workflow_reads_of_the_manifest_is_what_the_layout_says(tmp_path):
    rows = read(["anna/1_ang.wav", "bob, jr/2_sad.wav", "zoë/3_sad.wav"])
    assert write_manifest(rows, tmp_path / "manifest.csv") == 3
    again = CORPORA["manifest"].labelled(settings(tmp_path))
    keys = ("utterance", "path", "speaker", "emotion")
    assert [[row[key] for key in keys] for row in again] == [
        [row[key] for key in keys] for row in rows
    ]
    assert again[0]["emotion"] == "angry"


def test_what_a_manifest_could_not_name_is_left_out(tmp_path):
    odd = ["a/1_ang.wav", "a/2.wav", "3_sad.wav", "a/new\nline_sad.wav", "a/\udcff_sad.wav"]
    rows = read([*odd, "a/b\\c_sad.wav", "a/1_ang.flac"])
    reasons = {row["path"]: row.get("reason", "") for row in rows}
    assert reasons["a/1_ang.wav"] == ""
    assert "expected an emotion as what --emotion finds" in reasons["a/2.wav"]
    assert "expected a speaker" in reasons["3_sad.wav"]
    assert "letters that print" in reasons["a/new\\nline_sad.wav"]
    assert "letters that print" in reasons["a/\\udcff_sad.wav"]
    assert "forward slashes" in reasons["a/b\\\\c_sad.wav"]
    assert reasons["a/1_ang.flac"].startswith("expected one file of a name, found another, a/1_ang")
    assert write_manifest(rows, tmp_path / "m.csv") == 1


def test_nothing_is_overwritten_but_by_force(tmp_path):
    (tmp_path / "m.csv").write_text("mine")
    with pytest.raises(SettingsError, match=r"found that .*m\.csv exists; .*--force"):
        write_manifest(read(["a/1_sad.wav"]), tmp_path / "m.csv")
    assert (tmp_path / "m.csv").read_text() == "mine"
    write_manifest(read(["a/1_sad.wav"]), tmp_path / "m.csv", force=True)
    assert (tmp_path / "m.csv").read_text() == "path,speaker,emotion\na/1_sad.wav,a,sad\n"
    with pytest.raises(SettingsError, match="exists; choose another name"):
        write_manifest([], tmp_path, force=True)
    with pytest.raises(SettingsError, match="expected a file that can be written"):
        write_manifest([], tmp_path / "m.csv/m.csv")


def test_a_walk_that_ends(tmp_path):
    for name in ("a/1.wav", "a/._1.wav", ".trash/2.wav", "__MACOSX/3.wav", "a/b/4.MP3", "a/5.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "a/circle").symlink_to("..")
    assert recordings_of(str(tmp_path), pytest.fail) == ["a/1.wav", "a/b/4.MP3"]


def test_folders_without_recordings(tmp_path):
    with pytest.raises(CorpusError, match="is empty; expected in it: recordings"):
        recordings_of(str(tmp_path), pytest.fail)
    (tmp_path / "film.webm").touch()
    with pytest.raises(CorpusError, match=r"found 1 files such as 'film.webm', .* ffmpeg"):
        recordings_of(str(tmp_path), pytest.fail)


def test_folders_that_cannot_be_read_are_told(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.wav").touch()
    scan = os.scandir

    def refusing(folder):
        if str(folder).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    told = []
    assert recordings_of(str(tmp_path), told.append) == ["a.wav"]
    assert "shut: expected a folder that may be read" in str(told[0])


@pytest.mark.parametrize(
    ("corpus", "files"),
    {
        "ravdess": ["Actor_01/03-01-05-01-01-01-01.wav", "Actor_01/03-02-05-01-01-01-01.wav"],
        "emodb": ["wav/03a01Fa.wav", "wav/08b02Wb.wav", "wav/cover.wav"],
        "savee": ["DC_a01.wav", "JE_sa02.wav"],
        "meld": ["train_sent_emo.csv"],
        "audformat": ["db.yaml"],
    }.items(),
)
def test_known_corpora_are_recognised(tmp_path, corpus, files):
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert recognised(str(tmp_path)) == [corpus]


def test_a_few_files_with_a_corpus_s_names_do_not_make_it(tmp_path):
    for name in ("03a01Fa.wav", "a.wav", "b.wav"):
        (tmp_path / name).touch()
    assert recognised(str(tmp_path)) == []
    assert recognised(str(tmp_path / "none")) == []
