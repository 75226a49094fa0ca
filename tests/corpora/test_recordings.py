import errno
import os

import pytest

from sernas.audio.recording import Recording
from sernas.base.errors import AudioError, UnreadError
from sernas.corpora.recordings import Recordings


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "corpus"
    root.mkdir()
    for name in ("a", "b"):
        (root / name).write_text(f"{name} as it was")
    return root


@pytest.fixture
def hear(root, tmp_path):
    """Hears the files under ``root``; returns what is known and which were listened to."""

    def hear(paths=("a", "b"), by="x", root=root):
        listened = []

        def listen(path):
            listened.append(path.name)
            if "bad" in path.read_text():
                raise AudioError(f"{path}: expected speech, found badness; mend it")
            return Recording(1.5, path.read_text())

        known = Recordings(tmp_path / "r.csv", root).hear(paths, by, listen, 1, progress=False)
        return known, listened

    return hear


def stamp(root, tmp_path, paths=("a", "b")):
    return Recordings(tmp_path / "r.csv", root).look(paths).stamp


def rewrite(path, text, ns=10**18):
    path.write_text(text)
    os.utime(path, ns=(ns, ns))


def test_each_file_is_heard_once(hear):
    known, listened = hear()
    assert listened == ["a", "b"]
    assert (known["a"].samples, known["a"].seconds, known["a"].fault) == ("a as it was", "1.5", "")
    assert hear() == (known, [])


def test_faults_are_known_too(hear, root):
    (root / "b").write_text("bad")
    known, _ = hear()
    assert known["b"].fault == "expected speech, found badness; mend it"
    assert known["b"].samples == known["b"].seconds == ""
    assert hear() == (known, [])


def test_another_judge_hears_all_again(hear):
    hear()
    assert hear(by="y")[1] == ["a", "b"]


def test_one_that_changed_is_heard_again(hear, root, tmp_path):
    hear()
    before = stamp(root, tmp_path)
    rewrite(root / "a", "A as it was")  # as long as before
    recordings = Recordings(tmp_path / "r.csv", root)
    assert recordings.look(["a", "b"]).changed == ["a"]
    assert recordings.look(["a", "b"]).stamp != before
    assert hear()[1] == ["a"]


def test_the_stamp_is_the_same_before_and_after_hearing(hear, root, tmp_path):
    before = stamp(root, tmp_path)
    hear()
    assert stamp(root, tmp_path) == before


def test_another_date_of_the_same_content_is_no_change(hear, root, tmp_path):
    known, _ = hear()
    before = stamp(root, tmp_path)
    rewrite(root / "a", "a as it was")
    recordings = Recordings(tmp_path / "r.csv", root)
    assert recordings.look(["a", "b"]).changed == []
    assert recordings.look(["a", "b"]).stamp == before
    again, listened = hear()
    assert listened == []
    assert again["a"]._replace(seen="") == known["a"]._replace(seen="")


def test_the_same_content_is_not_read_again_and_again(hear, root, tmp_path, monkeypatch):
    hear()
    rewrite(root / "a", "a as it was")
    recordings = Recordings(tmp_path / "r.csv", root)
    before = recordings.look(["a", "b"]).stamp
    recordings.save()
    monkeypatch.setattr("sernas.corpora.recordings.file_checksum", lambda path: 1 / 0)
    assert stamp(root, tmp_path) == before


def test_another_judge_changes_no_stamp(hear, root, tmp_path):
    hear()
    before = stamp(root, tmp_path)
    rewrite(root / "a", "a as it was")
    hear(by="y")
    assert stamp(root, tmp_path) == before


def test_files_that_come_and_go(hear, root, tmp_path):
    hear(("a",))
    before = stamp(root, tmp_path, ("a", "c"))
    (root / "c").write_text("new")
    (root / "a").unlink()
    recordings = Recordings(tmp_path / "r.csv", root)
    assert recordings.look(("a", "c")).changed == ["a", "c"]
    assert recordings.look(("a", "c")).stamp != before


def test_one_that_may_be_read_at_last(hear, root, tmp_path, monkeypatch):
    with monkeypatch.context() as forbidden:
        forbidden.setattr("os.access", lambda path, mode: path.name != "a")
        hear()
        before = stamp(root, tmp_path)
    assert stamp(root, tmp_path) != before
    assert hear()[1] == ["a"]


@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EMFILE])
def test_a_disk_that_fails_is_no_fault_of_a_recording(hear, root, monkeypatch, number):
    (root / "a").write_text("bad")  # as libsndfile would say

    def fails(path):
        if path.name == "a":
            raise OSError(number, os.strerror(number))
        return "it"

    with monkeypatch.context() as failing:
        failing.setattr("sernas.corpora.recordings.file_checksum", fails)
        with pytest.raises(UnreadError, match="keep it"):
            hear(("b", "a"))
    (root / "a").write_text("a as it was")
    assert hear()[1] == ["a"]  # what was heard before is known


def test_a_corpus_that_moved_is_the_same(hear, root, tmp_path):
    known, _ = hear()
    before = stamp(root, tmp_path)
    moved = root.rename(tmp_path / "elsewhere")
    assert stamp(moved, tmp_path) == before
    assert hear(root=moved) == (known, [])


@pytest.mark.parametrize("content", [b"", b"path\nx\n", b"\xff\0", b"path,size\n"])
def test_a_file_that_is_not_ours_tells_nothing(hear, tmp_path, content):
    (tmp_path / "r.csv").write_bytes(content)
    assert hear()[1] == ["a", "b"]
