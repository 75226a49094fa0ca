"""What the system does not let be read may be whole: nobody is told to delete it, nothing does."""

import errno
import os
from pathlib import Path

import pytest

from sernas.base.errors import SernasError, UnreadError
from sernas.base.files import read_json
from sernas.features.partial_store import PartialStore
from sernas.features.store import FeatureStore
from sernas.folds.split import read_split
from sernas.folds.statistics import Statistics
from sernas.models.model_file import load_model
from sernas.reporting.result_files import read_folds
from sernas.training.checkpoint import Checkpoint

READERS = {
    "a/b/seed1/fold1": lambda path: read_folds([path]),
    "file.h5": FeatureStore,
    "file.json": read_json,
    "file.csv": lambda path: read_split(path, ("sad",)),
    "file.npz": Statistics.load,
    "file.pt": load_model,
    "epoch.pt": lambda path: Checkpoint(path.parent, "of a run").load(),
}
FAILURES = {
    errno.EIO: "see that its disk is well",
    errno.ENOLCK: "No locks available",
    errno.ESTALE: "see that its disk is well",
    errno.EACCES: "give yourself the right to read it",
    errno.EMFILE: "raise the limit of open files",
    errno.ENOMEM: "give the job more memory",
}


@pytest.fixture
def failing(monkeypatch):
    """Have the system refuse to open a file."""

    def refuse(path, number):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"whole, for all one knows")
        for module in ("builtins.open", "io.open"):

            def fails(name, *arguments, there=open, **more):
                if str(name) == str(path):
                    raise OSError(number, os.strerror(number), str(name))
                return there(name, *arguments, **more)

            monkeypatch.setattr(module, fails)

    return refuse


@pytest.mark.parametrize("number", FAILURES, ids=errno.errorcode.get)
@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_not_let_be_read_is_kept(tmp_path, failing, name, number):
    path = tmp_path / name
    failing(path, number)
    with pytest.raises(UnreadError) as error:
        READERS[name](path)
    text = str(error.value)
    assert text.startswith(f"{path}: expected to read ")
    assert os.strerror(number) in text
    assert FAILURES[number] in text
    assert "delete" not in text
    assert "\n" not in text


@pytest.mark.parametrize("name", [name for name in READERS if name != "epoch.pt"])
def test_damage_is_still_told_from_that(tmp_path, name):
    path = tmp_path / name
    with pytest.raises(SernasError, match="found no such file; run again"):
        READERS[name](path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\x00")
    with pytest.raises(SernasError, match="delete it and run again"):
        READERS[name](path)


def test_a_failing_disk_does_not_cost_an_unfinished_store(tmp_path, failing):
    folder = tmp_path / "resume"
    failing(folder / "done.json", errno.EIO)
    with pytest.raises(UnreadError):
        PartialStore(folder, "identity", Path.touch)
    assert (folder / "done.json").exists()


def test_a_number_that_hdf5_says_in_words_alone(tmp_path, monkeypatch):
    (tmp_path / "file.h5").touch()
    text = "Unable to open object (file read failed: errno = 5, error message = 'Input/output')"
    monkeypatch.setattr("h5py.File", lambda *_: (_ for _ in ()).throw(KeyError(text)))
    with pytest.raises(UnreadError, match="Input/output error"):
        FeatureStore(tmp_path / "file.h5")
