"""Where a run of epochs is, on disk, so that it can be taken up again."""

from __future__ import annotations

import hashlib
import io
import logging
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import torch

from sernas.base.files import atomic
from sernas.base.reading import reading
from sernas.training.snapshot import Snapshot

FORMAT = 1


class Checkpoint:
    """The states of one run: of its newest whole epoch, of the one before, and within an epoch.

    States are dictionaries of tensors and plain values. A file of other settings, data, code or
    PyTorch is never taken up, nor is a damaged one: each is passed over with a warning.

    A whole epoch's state is copied, then packed and written by a thread, while the run goes on.
    What goes wrong there is raised where a state is next kept or asked for; ``with`` waits in the
    end.

    Args:
        folder: one for each run; without it nothing reaches the disk.
        identity: all that the run's result depends on.
    """

    def __init__(self, folder: Path | None, identity: object):
        self.folder = folder
        self._key = hashlib.blake2b(
            repr((FORMAT, torch.__version__, identity)).encode(), digest_size=16
        ).hexdigest()
        self._thread = ThreadPoolExecutor(1)
        self._newest: Future[bytes] = self._thread.submit(bytes)

    def __enter__(self) -> Checkpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()
        self.settle()

    def begin(self, state: dict) -> None:
        """Take a state for that of the newest whole epoch, which is on the disk or is none."""
        self._newest = self._thread.submit(Snapshot(state).read, self._packed)

    def save(self, state: dict) -> None:
        """Keep the state after an epoch, and the one before.

        Raises:
            DiskFullError: there was no room for the one before.
        """
        self.settle()
        self._newest = self._thread.submit(Snapshot(state).read, self._written)

    def save_step(self, state: dict) -> None:
        """Keep a state within the epoch that follows the newest whole one; it is on the disk then.

        Raises:
            DiskFullError: there is no room for it, or was none for that of the epoch.
        """
        self.settle()
        if self.folder:
            with atomic(self._path("step")) as temporary:
                temporary.write_bytes(self._packed(state))

    def newest(self) -> dict:
        """The state after the newest whole epoch."""
        return self._unpacked(self._newest.result())

    def settle(self) -> None:
        """Wait until the newest whole epoch's state is on the disk.

        Raises:
            DiskFullError: there was no room.
        """
        self._newest.result()

    def load(self) -> dict | None:
        """The newest state after an epoch that can be used."""
        return self._load("epoch") or self._load("before")

    def load_step(self) -> dict | None:
        """The state within an epoch, if there is one that can be used."""
        return self._load("step")

    def _unpacked(self, content: bytes) -> dict:
        """The state in it; ValueError if it is damaged, or of another run."""
        try:  # weights_only: nothing that a file holds is ever run
            found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
            key, state = found["key"], found["state"]
        except Exception as error:  # torch.load raises whatever its reader happens upon
            raise ValueError("it is damaged") from error
        if key != self._key:
            raise ValueError("it is of other settings, data or code")
        return state

    def _packed(self, state: dict) -> bytes:
        """What the files hold."""
        content = io.BytesIO()
        torch.save({"key": self._key, "state": state}, content)
        return content.getvalue()

    def _written(self, state: dict) -> bytes:
        """The same, once it is on the disk."""
        content = self._packed(state)
        if self.folder:
            with atomic(self._path("epoch")) as temporary:
                temporary.write_bytes(content)
                if self._path("epoch").exists():
                    os.replace(self._path("epoch"), self._path("before"))
            self._path("step").unlink(missing_ok=True)
        return content

    def _load(self, name: str) -> dict | None:
        if not self.folder or not self._path(name).is_file():
            return None
        with reading(self._path(name), "a checkpoint"):  # unread it must not give way to a new one
            content = self._path(name).read_bytes()
        try:
            return self._unpacked(content)
        except ValueError as error:
            logging.warning("the checkpoint %s is passed over: %s", self._path(name), error)
            return None

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.pt"
