import pandas as pd
import pytest

from sernas.files import atomic, write_csv, write_text


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
