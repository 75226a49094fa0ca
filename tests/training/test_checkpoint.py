"""States of a run are kept by a thread, while the run goes on."""

import errno
import io
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from sernas.base.errors import DiskFullError
from sernas.training.checkpoint import Checkpoint
from sernas.training.snapshot import _on_its_way

FOREVER = """
import sys, torch
from pathlib import Path
from sernas.training.checkpoint import Checkpoint

checkpoint, n = Checkpoint(Path(sys.argv[1]), "a run"), 0
while True:
    n += 1
    checkpoint.save({"n": n, "x": torch.full((300_000,), n)})
    print(n, flush=True)
"""


@pytest.fixture
def state():
    flat = torch.arange(12.0)
    return {"whole": flat, "view": flat.view(3, 4).T, "rows": [{"epoch": 1}], "random": b"12"}


@pytest.fixture
def slow(monkeypatch):
    """What lets the thread go on, which waits before it packs."""
    going, save = threading.Event(), torch.save
    monkeypatch.setattr(torch, "save", lambda *args: going.wait(60) and save(*args))
    yield going
    going.set()


@pytest.fixture
def full(monkeypatch):
    """The disk has no room for anything."""

    def write(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write)


def test_a_file_holds_the_bytes_of_the_state(state, tmp_path):
    with Checkpoint(tmp_path, "a run") as checkpoint:
        checkpoint.save(state)
    expected = io.BytesIO()
    torch.save({"key": checkpoint._key, "state": state}, expected)
    assert (tmp_path / "epoch.pt").read_bytes() == expected.getvalue()


def test_the_run_goes_on_and_what_is_kept_is_what_was_there(state, slow, tmp_path):
    with Checkpoint(tmp_path, "a run") as checkpoint:
        checkpoint.save(state)
        state["whole"].zero_()
        state["rows"].append({"epoch": 2})
        assert not (tmp_path / "epoch.pt").exists()
        slow.set()
    kept = Checkpoint(tmp_path, "a run").load()
    assert kept["whole"].tolist() == list(range(12))
    assert kept["view"].is_set_to(kept["whole"].view(3, 4).T)
    assert kept["rows"] == [{"epoch": 1}]


def test_the_newest_is_waited_for(state, slow):
    """A run that diverged goes on from there."""
    with Checkpoint(None, "a run") as checkpoint:
        checkpoint.begin({"n": 0})
        threading.Timer(0.1, slow.set).start()
        assert checkpoint.newest() == {"n": 0}
        checkpoint.save({"n": 1})
        assert checkpoint.newest() == {"n": 1}


def test_a_full_disk_is_told_when_the_next_state_is_kept(state, tmp_path, full):
    checkpoint = Checkpoint(tmp_path, "a run")
    checkpoint.save(state)
    for keep in (checkpoint.save, checkpoint.save_step):
        with pytest.raises(DiskFullError, match="epoch.pt: expected room"):
            keep(state)


def test_a_full_disk_is_told_at_the_end(state, tmp_path, full):
    with (
        pytest.raises(DiskFullError, match="epoch.pt: expected room"),
        Checkpoint(tmp_path, "a run") as checkpoint,
    ):
        checkpoint.save(state)
    assert list(tmp_path.iterdir()) == []


def test_killed_at_any_time_a_whole_state_is_left(tmp_path):
    command = [sys.executable, "-c", FOREVER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = [int(process.stdout.readline()) for _ in range(20)]
        process.kill()
        lines += map(int, process.stdout.read().split())
    found = Checkpoint(tmp_path, "a run").load()
    assert lines[-1] - 2 <= found["n"] <= lines[-1] + 1
    assert (found["x"] == found["n"]).all()


def test_what_comes_from_a_gpu_is_the_same_state(state):
    """Here without one: a state on the CPU goes the same way."""
    found = _on_its_way(state | {"rng": (3, (1, 2), None)})
    assert found.pop("rng") == (3, (1, 2), None)
    for name in ("whole", "view"):
        assert torch.equal(found.pop(name), state[name])
    assert found == {"rows": [{"epoch": 1}], "random": b"12"}


@pytest.mark.gpu
def test_a_gpu_does_not_wait(tmp_path):
    x = torch.ones(1000, device="cuda")
    with Checkpoint(tmp_path, "a run") as checkpoint:
        checkpoint.save({"x": x})  # the first makes a stream, and memory that is pinned
        checkpoint.settle()
        torch.cuda.set_sync_debug_mode("error")
        try:
            torch.cuda._sleep(2 * 10**9)  # about a second
            checkpoint.save({"x": x})
            x.zero_()
            assert not torch.cuda.current_stream().query()  # it is still at it
            checkpoint.settle()
        finally:
            torch.cuda.set_sync_debug_mode("default")
    assert torch.equal(Checkpoint(tmp_path, "a run").load()["x"], torch.ones(1000))
