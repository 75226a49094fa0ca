"""Writing a feature store: frames stream into one contiguous HDF5 dataset, the index follows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import h5py
import numpy as np

from sernas.features.checksum import corpus_checksum
from sernas.features.moments import Moments
from sernas.features.store import FORMAT, TEXT, WHOLE
from sernas.files import Unfailing, atomic, disk_full
from sernas.settings import FeatureSettings

_LIBRARIES = ("numpy", "torch", "scipy", "librosa", "soundfile", "soxr", "h5py")


class StoreWriter:
    """Appends utterances to an open HDF5 file; see :func:`open_writer`."""

    def __init__(self, file: h5py.File, raw: Unfailing, capacity: int, n_bins: int):
        self._raw = raw
        # Contiguous, hence of fixed size, and never filled: rows left over take no space on disk.
        self._frames = file.create_dataset(
            "frames", (capacity, n_bins), np.float16, fill_time="never"
        )
        self._rows: list[dict] = []
        self._audio: list[str] = []
        self._moments: dict[str, Moments] = {}
        self._used = 0

    def append(
        self, frames: np.ndarray, moments: Moments, seconds: float, sha256: str, **labels: str
    ) -> None:
        """Add an utterance.

        Args:
            frames: (T, F) float16.
            moments: of ``frames``.
            seconds: how long it lasts.
            sha256: of the audio file, hexadecimal.
            labels: the index's text columns.
        """
        start, self._used = self._used, self._used + len(frames)
        self._frames[start : self._used] = frames
        self._raw.check()
        self._rows.append({**labels, "start": start, "frames": len(frames), "seconds": seconds})
        self._audio.append(sha256)
        speaker = labels["speaker"]
        known = self._moments.get(speaker)
        self._moments[speaker] = known + moments if known else moments

    def finish(self, settings: FeatureSettings) -> None:
        """Write the index, the moments per speaker and the attributes; ``complete`` comes last."""
        file = self._frames.file
        for column, kind in {**dict.fromkeys(TEXT, h5py.string_dtype()), **WHOLE}.items():
            values = [row[column] for row in self._rows]
            file.create_dataset(f"index/{column}", data=values, dtype=kind)
        moments = self._moments.values()
        file.create_dataset("moments/speaker", data=list(self._moments), dtype=h5py.string_dtype())
        file.create_dataset("moments/count", data=[each.count for each in moments])
        file.create_dataset("moments/mean", data=np.stack([each.mean for each in moments]))
        file.create_dataset("moments/m2", data=np.stack([each.m2 for each in moments]))
        file.attrs["corpus_checksum"] = corpus_checksum(
            (row["utterance"], row["speaker"], row["emotion"], sha256)
            for row, sha256 in zip(self._rows, self._audio, strict=True)
        )
        file.attrs["settings"] = json.dumps(asdict(settings))
        file.attrs["versions"] = json.dumps({name: version(name) for name in _LIBRARIES})
        file.attrs["format"] = FORMAT
        file.attrs["complete"] = True


@contextmanager
def open_writer(path: Path, capacity: int, settings: FeatureSettings) -> Iterator[StoreWriter]:
    """A writer for at most ``capacity`` frames; the file takes its name when the block succeeds.

    Raises :class:`DiskFullError` if the disk has not the room.
    """
    with atomic(path) as temporary:
        needed, free = 2 * capacity * settings.n_bins, shutil.disk_usage(path.parent).free
        if needed > free:
            raise disk_full(
                path, f"{needed / 1e6:.1f} MB ({capacity} frames of {settings.n_bins} bins)"
            )
        # unfailing: HDF5 crashes the process if it cannot write everything when a file is closed
        with Unfailing(temporary, "w+") as raw:
            with h5py.File(raw, "w") as file:
                writer = StoreWriter(file, raw, capacity, settings.n_bins)
                yield writer
                writer.finish(settings)
            raw.check()
