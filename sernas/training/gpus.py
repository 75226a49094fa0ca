"""A GPU, or a share of one, for each job of a machine, where no scheduler hands them out."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import IO
from urllib.parse import quote

from sernas.base.errors import SernasError

VARIABLE = "CUDA_VISIBLE_DEVICES"
POLL_S = 0.5


@contextlib.contextmanager
def leased_gpu(device: str, per_gpu: int = 1, needed_mb: int = 0) -> Iterator[None]:
    """Let this process see one GPU, which no more than ``per_gpu`` jobs of this user on this
    machine see.

    Snakemake's ``gpu`` is a counter: it says how many jobs may use a GPU, not which. The lease is
    a lock on a file and ends with the process, however that ends. Jobs spread over the GPUs before
    they share one; while all are taken, or those that are not lack memory, it waits. Enter it
    before torch is imported: CUDA reads the variable once.

    Args:
        device: that of the configuration; "cpu" needs no GPU.
        per_gpu: that of the configuration; runs at the same time should have the same.
        needed_mb: memory that must be left on a GPU that others are on, in MB; alone on a GPU a
            job starts whatever it needs, and so where nvidia-smi does not tell of the memory.
    """
    gpus = [] if device == "cpu" else visible_gpus()
    if not gpus or ("SLURM_JOB_ID" in os.environ and len(gpus) == 1):  # SLURM has chosen
        logging.info("%s=%s, as it was", VARIABLE, os.environ.get(VARIABLE, ""))
        yield
        return
    gpu, lock = _wait_for_one(gpus, per_gpu, needed_mb, _folder_of_locks())
    with lock:
        os.environ[VARIABLE] = gpu
        logging.info("%s=%s, leased from %s", VARIABLE, gpu, ",".join(gpus))
        yield


def visible_gpus() -> list[str]:
    """The GPUs that CUDA would show to this process, as CUDA_VISIBLE_DEVICES names them."""
    if VARIABLE in os.environ:
        entries = (entry.strip() for entry in os.environ[VARIABLE].split(","))
        return list(takewhile(lambda entry: entry not in ("", "-1"), entries))  # as CUDA reads it
    return [str(i) for i in range(len(gpu_names()))]


def gpu_names() -> list[str]:
    """The name of each NVIDIA GPU of this machine, as its driver says; none without a driver."""
    if shutil.which("nvidia-smi") is None:  # asking CUDA itself would fix what it shows
        return []
    listed = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True).stdout
    return re.findall(r"^GPU \d+: (.*?)(?: \(UUID.*)?$", listed, re.MULTILINE)


def gpu_memory(gpu: str) -> tuple[int, int] | None:
    """(free, total) memory of a GPU in MB; None where nvidia-smi does not tell, as of MIG's parts.

    Args:
        gpu: an index, by nvidia-smi's count, or a UUID.
    """
    if shutil.which("nvidia-smi") is None:
        return None
    query = ["nvidia-smi", "-i", gpu, "--query-gpu=memory.free,memory.total"]
    query.append("--format=csv,noheader,nounits")
    told = subprocess.run(query, capture_output=True, text=True).stdout
    found = re.fullmatch(r"(\d+), (\d+)\s*", told)
    return (int(found[1]), int(found[2])) if found else None


def _folder_of_locks() -> Path:
    """One for all jobs of this user on this machine; inside an allocation of SLURM, for its own.

    Allocations number their GPUs from 0 each, so that equal numbers are other GPUs.
    """
    parts = ["sernas-gpus", str(os.getuid()), os.environ.get("SLURM_JOB_ID")]
    folder = Path(tempfile.gettempdir(), "-".join(filter(None, parts)))
    folder.mkdir(exist_ok=True)
    return folder


def _wait_for_one(
    gpus: list[str], per_gpu: int, needed_mb: int, folder: Path
) -> tuple[str, IO[str]]:
    """A GPU, and the locked file that holds a slot of it until it is closed."""
    waiting = False
    while True:
        with (folder / "choosing").open("a") as one_at_a_time:
            _lock(one_at_a_time, wait=True)
            slots = [_Slots(gpu, per_gpu, folder) for gpu in gpus]
            free = sorted((each for each in slots if each.free), key=lambda each: each.used)
            chosen = next((each for each in free if each.room_for(needed_mb)), None)
            lock = chosen and chosen.take(needed_mb)
            for each in slots:
                each.close()
        if lock:
            return chosen.gpu, lock
        if not waiting and free:
            logging.warning(
                "no GPU that takes another job (%s) has the %d MB left that this one is estimated "
                "to need; waiting for a job there to end: a smaller jobs.per_gpu starts fewer",
                ",".join(each.gpu for each in free),
                needed_mb,
            )
        elif not waiting:
            logging.warning(
                "other jobs hold every GPU that is visible (%s); waiting for one, since more jobs "
                "run than GPUs take (jobs.per_gpu: %d): --resources gpu=%d starts no more",
                ",".join(gpus),
                per_gpu,
                len(gpus) * per_gpu,
            )
        waiting = True
        time.sleep(POLL_S)


class _Slots:
    """A file for each job that may be on a GPU, locked while one is, in which it says its MB.

    Attributes:
        free: files that no other job holds; this process does, until :meth:`close`.
        used: how many others hold.
    """

    def __init__(self, gpu: str, number: int, folder: Path):
        self.gpu = gpu
        files = [(folder / quote(f"{gpu}.{slot}", safe="")).open("a+") for slot in range(number)]
        self.free = [file for file in files if _lock(file)]
        self._held = [file for file in files if file not in self.free]
        self.used = len(self._held)

    def room_for(self, needed_mb: int) -> bool:
        """Whether so much is left of what others use, and of what they may come to use."""
        if not self._held or (memory := gpu_memory(self.gpu)) is None:
            return True
        free, total = memory
        for file in self._held:
            file.seek(0)
            total -= int(file.read() or 0)
        return min(free, total) >= needed_mb

    def take(self, needed_mb: int) -> IO[str]:
        lock = self.free.pop(0)
        lock.truncate(0)
        print(needed_mb, file=lock, flush=True)
        return lock

    def close(self) -> None:
        for file in (*self.free, *self._held):
            file.close()


def _lock(file: IO[str], wait: bool = False) -> bool:
    """Lock a file until it is closed; False: another process has, and was not waited for."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise SernasError(
            f"{file.name}: expected a lock on it, by which jobs of one machine share its "
            f"GPUs, found none to be had there ({error.strerror}); set TMPDIR to a folder "
            "on a local disk"
        ) from error
    return True
