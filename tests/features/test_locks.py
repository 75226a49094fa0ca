"""Some network disks have no locks; stores are written and read there all the same."""

import errno
import os
import shutil
import subprocess
import sys

import h5py
import numpy as np
import pytest

from sernas.features.moments import Moments
from sernas.features.partial_store import PartialStore
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.settings.features import FeatureSettings

SHIM = """
#include <errno.h>
int flock(int file, int operation) { errno = ENOLCK; return -1; }
"""
LABELS = dict.fromkeys(("utterance", "speaker", "session", "gender", "emotion"), "a")
FRAMES = np.ones((3, 32), np.float16)


def write_and_read(folder):
    """A store by either way of writing, read again; None of both may ask for a lock."""

    def reserve(path):
        with open_writer(path, 3, FeatureSettings()) as writer:
            writer.reserve(3, 1.0, "0", **LABELS)

    with open_writer(folder / "whole.h5", 3, FeatureSettings()) as writer:
        writer.append(FRAMES, Moments.of(FRAMES.astype(np.float32)), 1.0, "0", **LABELS)
    (folder / "resume").mkdir()
    with PartialStore(folder / "resume", "identity", lambda path: reserve(path)) as partial:
        partial.write(0, FRAMES)
        partial.step_done()
        partial.finish(folder / "parts.h5", 1, progress=False)
    for name in ("whole.h5", "parts.h5"):
        with FeatureStore(folder / name) as store:
            np.testing.assert_array_equal(store.read(0, 3), FRAMES)


@pytest.mark.skipif(not shutil.which("cc"), reason="it takes a C compiler to have flock fail")
@pytest.mark.parametrize("asked", [{}, {"HDF5_USE_FILE_LOCKING": "TRUE"}], ids=str)
def test_where_every_lock_fails(tmp_path, asked):
    library = tmp_path / "no_locks.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=SHIM, text=True, check=True
    )
    run = f"import sys, pathlib; sys.path[:0] = {sys.path}\n"
    run += "from features.test_locks import write_and_read; write_and_read(pathlib.Path('.'))"
    done = subprocess.run(
        [sys.executable, "-c", run],
        cwd=tmp_path,
        env={**os.environ, "LD_PRELOAD": str(library), **asked},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_hdf5_never_opens_a_file_by_its_name(tmp_path, monkeypatch):
    """For then it locks it."""

    class NoLocks(h5py.File):
        def __init__(self, name, *arguments, **more):
            if isinstance(name, str | os.PathLike):
                raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
            super().__init__(name, *arguments, **more)

    monkeypatch.setattr(h5py, "File", NoLocks)
    write_and_read(tmp_path)


def test_a_store_that_somebody_has_locked_is_read(tmp_path):
    write_and_read(tmp_path)
    with h5py.File(tmp_path / "whole.h5", "r+"), FeatureStore(tmp_path / "whole.h5") as store:
        np.testing.assert_array_equal(store.read(0, 3), FRAMES)
