"""Writing a feature store: frames stream into one contiguous HDF5 dataset, the index follows."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from sernas.base.files import Unfailing, atomic, disk_full
from sernas.features.index import StoreIndex
from sernas.features.moments import Moments
from sernas.features.store import StoreSettings


class StoreWriter:
    """Appends utterances to an open HDF5 file; see :func:`open_writer`."""

    def __init__(self, file: h5py.File, raw: Unfailing, capacity: int, settings: StoreSettings):
        self._raw, self._settings, self._index = raw, settings, StoreIndex()
        # Contiguous, hence of fixed size, and never filled: rows left over take no space on disk.
        self._frames = file.create_dataset(
            "frames", (capacity, *settings.frame_shape), np.float16, fill_time="never"
        )

    def append(
        self, frames: np.ndarray, moments: Moments, seconds: float, sha256: str, **labels: str
    ) -> None:
        """Add an utterance's ``frames`` (T, F) or (T, L, D) float16, and what the index has of it.

        See :meth:`StoreIndex.add` for the rest.
        """
        self.append_parts([(frames, moments)], seconds, sha256, **labels)

    def append_parts(
        self,
        parts: Iterable[tuple[np.ndarray, Moments]],
        seconds: float,
        sha256: str,
        **labels: str,
    ) -> None:
        """The same of frames that come in parts; where these raise, there is no such utterance."""
        start, total = self._index.used, None
        for frames, moments in parts:
            self._frames[start : start + len(frames)] = frames
            self._raw.check()
            start += len(frames)
            total = total + moments if total else moments
        self._index.add(total, seconds, sha256, **labels)

    def reserve(self, frames: int, seconds: float, sha256: str, **labels: str) -> None:
        """Add an utterance whose frames, and moments, will be written into their place later."""
        nothing = np.zeros(self._settings.frame_shape)
        moments = Moments(frames, nothing, nothing)
        rows = self._index.add(moments, seconds, sha256, **labels)
        self._frames[rows.stop - 1] = 0  # so that HDF5 makes the file as long as it will be
        self._raw.check()

    def finish(self) -> None:
        """Write the index; nothing can be appended then."""
        self._index.write(self._frames.file, self._settings)


@contextmanager
def open_writer(path: Path, capacity: int, settings: StoreSettings) -> Iterator[StoreWriter]:
    """A writer for at most ``capacity`` frames; the file takes its name when the block succeeds.

    Raises :class:`DiskFullError` if the disk has not the room.
    """
    with atomic(path) as temporary:
        shape = settings.frame_shape
        needed, free = 2 * capacity * math.prod(shape), shutil.disk_usage(path.parent).free
        if needed > free:
            size = " x ".join(map(str, shape))
            raise disk_full(path, f"{needed / 1e6:.1f} MB ({capacity} frames of {size} bins)")
        # unfailing: HDF5 crashes the process if it cannot write everything when a file is closed
        with Unfailing(temporary, "w+") as raw:
            with h5py.File(raw, "w") as file:
                writer = StoreWriter(file, raw, capacity, settings)
                yield writer
                writer.finish()
            raw.check()
