"""Where a run of epochs is, on disk, so that it can be taken up again."""

from __future__ import annotations

import hashlib
import io
import logging
import os
from pathlib import Path

import torch

from sernas.base.files import atomic
from sernas.base.reading import reading

FORMAT = 1


class Checkpoint:
    """The states of one run: of its newest whole epoch, of the one before, and within an epoch.

    States are dictionaries of tensors and plain values. A file of other settings, data, code or
    PyTorch is never taken up, nor is a damaged one: each is passed over with a warning.

    Args:
        folder: one for each run; without it nothing reaches the disk.
        identity: all that the run's result depends on.
    """

    def __init__(self, folder: Path | None, identity: object):
        self.folder = folder
        self._key = hashlib.blake2b(
            repr((FORMAT, torch.__version__, identity)).encode(), digest_size=16
        ).hexdigest()

    def save(self, state: dict) -> bytes:
        """Keep the state after an epoch, and the one before; returns it packed."""
        content = self.pack(state)
        if self.folder:
            with atomic(self._path("epoch")) as temporary:
                temporary.write_bytes(content)
                if self._path("epoch").exists():
                    os.replace(self._path("epoch"), self._path("before"))
            self._path("step").unlink(missing_ok=True)
        return content

    def save_step(self, state: dict) -> None:
        """Keep a state within the epoch that follows the newest whole one."""
        if self.folder:
            with atomic(self._path("step")) as temporary:
                temporary.write_bytes(self.pack(state))

    def load(self) -> dict | None:
        """The newest state after an epoch that can be used."""
        return self._load("epoch") or self._load("before")

    def load_step(self) -> dict | None:
        """The state within an epoch, if there is one that can be used."""
        return self._load("step")

    def unpack(self, content: bytes) -> dict:
        """The state that :meth:`pack` packed.

        Raises:
            ValueError: the content is damaged, or of another run.
        """
        try:  # weights_only: nothing that a file holds is ever run
            found = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
            key, state = found["key"], found["state"]
        except Exception as error:  # torch.load raises whatever its reader happens upon
            raise ValueError("it is damaged") from error
        if key != self._key:
            raise ValueError("it is of other settings, data or code")
        return state

    def pack(self, state: dict) -> bytes:
        """What the files hold."""
        content = io.BytesIO()
        torch.save({"key": self._key, "state": state}, content)
        return content.getvalue()

    def _load(self, name: str) -> dict | None:
        if not self.folder or not self._path(name).is_file():
            return None
        with reading(self._path(name), "a checkpoint"):  # unread it must not give way to a new one
            content = self._path(name).read_bytes()
        try:
            return self.unpack(content)
        except ValueError as error:
            logging.warning("the checkpoint %s is passed over: %s", self._path(name), error)
            return None

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.pt"
