"""A feature store that is filled over several runs, and takes its name once it is whole."""

from __future__ import annotations

import errno
import hashlib
import logging
import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sernas.base.errors import SernasError, UnreadError
from sernas.base.files import disk_full, read_json, write_text
from sernas.base.parallel import in_order
from sernas.features.moments import Moments, merge_into
from sernas.features.store import FeatureStore, opened_to_read


class PartialStore:
    """A store in ``folder`` whose frames come step by step; ``done`` counts the steps.

    The file has all of a store from the start but for the values of frames and moments. These are
    written into their places without HDF5, so that no kill damages it. One of the same
    ``identity`` is taken up again; anything else in ``folder`` is removed.

    Args:
        identity: all that the frames follow from.
        reserve: makes the file, with every utterance in it (:meth:`StoreWriter.reserve`).
    """

    def __init__(self, folder: Path, identity: object, reserve: Callable[[Path], None]):
        self._folder, self._path, self._progress = folder, folder / "store.h5", folder / "done.json"
        self._key = hashlib.blake2b(repr(identity).encode(), digest_size=16).hexdigest()
        self.done = self._taken_up()
        if not self.done:
            if folder.exists():
                shutil.rmtree(folder)
            reserve(self._path)
        with opened_to_read(self._path) as file:
            places = {name: file[name] for name in ("frames", "moments/mean", "moments/m2")}
            self._offsets = {name: data.id.get_offset() for name, data in places.items()}
            self._row = 2 * math.prod(places["frames"].shape[1:])  # bytes
        self._file = os.open(self._path, os.O_RDWR)

    def __enter__(self) -> PartialStore:
        return self

    def __exit__(self, *_) -> None:
        os.close(self._file)

    def write(self, start: int, frames: np.ndarray) -> None:
        """Put an utterance's ``frames`` (T, L, D) float16 into rows from ``start`` on."""
        assert frames.dtype == np.float16
        assert frames[0].nbytes == self._row
        self._put(self._offsets["frames"] + start * self._row, frames)

    def step_done(self) -> None:
        """A later run will go on after what was written."""
        os.fsync(self._file)
        self.done += 1
        write_text(self._progress, f'{{"of": "{self._key}", "done": {self.done}}}\n')

    def finish(self, out: Path, threads: int, progress: bool) -> None:
        """Work out each speaker's moments from the frames, and give the store its name, ``out``."""
        total: dict[str, Moments] = {}
        with FeatureStore(self._path) as store:
            rows = list(store.index.itertuples(index=False))
            found = in_order(
                lambda row: Moments.of(store.read(row.start, row.frames)), rows, threads
            )
            bar = tqdm(found, "moments", len(rows), unit="utterance", disable=not progress)
            for row, moments in zip(rows, bar, strict=True):
                merge_into(total, row.speaker, moments)
        for part in ("mean", "m2"):
            values = np.stack([getattr(moments, part) for moments in total.values()])
            self._put(self._offsets[f"moments/{part}"], values)
        os.fsync(self._file)
        out.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._path, out)
        shutil.rmtree(self._folder)

    def _taken_up(self) -> int:
        if not self._folder.exists():
            return 0
        try:
            state = read_json(self._progress)
            FeatureStore(self._path)
            if state["of"] == self._key:
                return state["done"]
            why = "it is of other settings, audio, code or libraries"
        except UnreadError:
            raise  # what may be whole is not removed
        except (SernasError, TypeError, KeyError) as error:
            why = str(error)
        logging.warning("the unfinished store in %s is passed over: %s", self._folder, why)
        return 0

    def _put(self, offset: int, values: np.ndarray) -> None:
        rest = memoryview(np.ascontiguousarray(values)).cast("B")
        try:
            while rest:
                written = os.pwrite(self._file, rest, offset)
                rest, offset = rest[written:], offset + written
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            quota = error.errno == errno.EDQUOT
            raise disk_full(self._path, "the rest of it", quota) from error
