"""A GPU of its own for each job of a machine, where no scheduler hands them out."""

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
def leased_gpu(device: str) -> Iterator[None]:
    """Let this process see one GPU, which no other job of this user on this machine sees.

    Snakemake's ``gpu`` is a counter: it says how many jobs may use a GPU, not which. The lease is
    a lock on a file and ends with the process, however that ends. While all GPUs are taken it
    waits. Enter it before torch is imported: CUDA reads the variable once.

    Args:
        device: that of the configuration; "cpu" needs no GPU.
    """
    gpus = [] if device == "cpu" else visible_gpus()
    if not gpus or ("SLURM_JOB_ID" in os.environ and len(gpus) == 1):  # SLURM has chosen
        logging.info("%s=%s, as it was", VARIABLE, os.environ.get(VARIABLE, ""))
        yield
        return
    gpu, lock = _take_first_free(gpus, _folder_of_locks())
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


def _folder_of_locks() -> Path:
    """One for all jobs of this user on this machine; inside an allocation of SLURM, for its own.

    Allocations number their GPUs from 0 each, so that equal numbers are other GPUs.
    """
    parts = ["sernas-gpus", str(os.getuid()), os.environ.get("SLURM_JOB_ID")]
    folder = Path(tempfile.gettempdir(), "-".join(filter(None, parts)))
    folder.mkdir(exist_ok=True)
    return folder


def _take_first_free(gpus: list[str], folder: Path) -> tuple[str, IO]:
    """A GPU, and the locked file that holds it until it is closed."""
    waiting = False
    while True:
        for gpu in gpus:
            file = (folder / quote(gpu, safe="")).open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return gpu, file
            except BlockingIOError:
                file.close()
            except OSError as error:
                raise SernasError(
                    f"{file.name}: expected a lock on it, by which jobs of one machine share its "
                    f"GPUs, found none to be had there ({error.strerror}); set TMPDIR to a folder "
                    "on a local disk"
                ) from error
        if not waiting:
            logging.warning(
                "other jobs hold every GPU that is visible (%s); waiting for one, since more jobs "
                "run than there are GPUs: --resources gpu=%d starts no more",
                ",".join(gpus),
                len(gpus),
            )
            waiting = True
        time.sleep(POLL_S)
