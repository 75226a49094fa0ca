import signal
import subprocess
import sys

import pandas as pd
import pytest

from sernas.base.files import atomic, write_csv, write_text


def test_output_appears_when_the_block_succeeds(tmp_path):
    path = tmp_path / "new/folder/out.txt"
    with atomic(path) as temporary:
        assert temporary.parent == path.parent
        assert temporary.suffix == path.suffix
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


def test_failure_leaves_the_old_output_and_nothing_else(tmp_path):
    path = tmp_path / "out.txt"
    write_text(path, "old")

    def fail():
        with atomic(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_csv_has_no_index_and_blanks_for_missing(tmp_path):
    write_csv(pd.DataFrame({"a": [1.5, None], "b": ["x,y", "é"]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes() == 'a,b\n1.5,"x,y"\n,é\n'.encode()


def test_what_a_killed_process_left_is_removed_with_the_next_write(tmp_path):
    code = (
        "import os, sys\nfrom sernas.base.files import atomic\n"
        "with atomic(sys.argv[1]) as temporary:\n"
        "    getattr(temporary, sys.argv[2])()\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    path, others = tmp_path / "out.txt", [".0123abcd.other.txt", ".hidden.out.txt", "1.out.txt"]
    for name in others:
        (tmp_path / name).touch()
    for kind in ("touch", "mkdir"):
        done = subprocess.run([sys.executable, "-c", code, str(path), kind])
        assert done.returncode == -signal.SIGKILL
        left = {entry.name for entry in tmp_path.iterdir()} - set(others)
        assert len(left) == 1, left
        write_text(path, "whole")
        assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([*others, "out.txt"])
        path.unlink()


def test_a_folder_takes_the_place_of_a_folder(tmp_path):
    path = tmp_path / "out[1]"
    for text in ("old", "new"):
        with atomic(path) as temporary:
            temporary.mkdir()
            (temporary / text).touch()
        assert [entry.name for entry in path.iterdir()] == [text]
        assert list(tmp_path.iterdir()) == [path]


def test_a_file_does_not_take_the_place_of_a_folder(tmp_path):
    (tmp_path / "out/mine").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        write_text(tmp_path / "out", "new")
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine"]
