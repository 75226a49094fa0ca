"""The feature store: one HDF5 file with every utterance's frames, their index and moments.

``frames`` float16 is contiguous: (rows, F) of spectrograms, (rows, L, D) of a speech model's L
hidden states. An utterance's frames lie together, in the manifest's order; ``index/<column>`` says
whose rows they are, ``moments/*`` holds each speaker's statistics.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from sernas.base.errors import StoreError
from sernas.base.reading import reading
from sernas.features.moments import Moments
from sernas.features.stream import STREAMS
from sernas.settings.features import EmbeddingSettings, FeatureSettings, FunctionalSettings

FORMAT = 2
TEXT = ("utterance", "speaker", "session", "gender", "emotion")
WHOLE = {"start": np.int64, "frames": np.int64, "seconds": np.float64}
StoreSettings = FeatureSettings | EmbeddingSettings | FunctionalSettings


class FeatureStore:
    """A complete feature store, opened to read; frames come through a memory map.

    ``index`` is a table ``utterance,speaker,session,gender,emotion,start,frames,seconds`` (start
    and frames count rows of ``frames``), ``settings`` the :class:`FeatureSettings`,
    :class:`EmbeddingSettings` or :class:`FunctionalSettings` of its making, ``corpus_checksum``
    tells the corpus (see :mod:`sernas.features.checksum`).
    Raises :class:`StoreError` if the file is missing, truncated, incomplete or another's,
    :class:`UnreadError` if the system does not let it be read.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        with (
            reading(path, f"a complete feature store of format {FORMAT}", StoreError),
            opened_to_read(self.path) as file,
        ):
            self._load(file)

    def _load(self, file: h5py.File) -> None:
        if (form := file.attrs["format"]) != FORMAT:
            raise StoreError(
                f"{self.path}: expected a feature store of format {FORMAT}, found format {form}, "
                "of another version of sernas; use that version, or move the file away and run "
                "again, which makes it anew"
            )
        if not file.attrs["complete"]:
            raise ValueError("it is marked as unfinished")
        kind = file.attrs.get("kind", "spectrograms")  # older stores hold nothing else
        [stream] = [stream for stream in STREAMS.values() if stream.kind == kind]
        self.settings = stream.settings(**json.loads(file.attrs["settings"]))
        self.corpus_checksum = str(file.attrs["corpus_checksum"])
        columns = {name: file[f"index/{name}"] for name in (*TEXT, *WHOLE)}
        self.index = pd.DataFrame(
            {name: _text(data) if name in TEXT else data[:] for name, data in columns.items()}
        )
        speakers = _text(file["moments/speaker"])
        arrays = (file[f"moments/{part}"][:] for part in ("count", "mean", "m2"))
        self._moments = {
            speaker: Moments(int(count), mean, m2)
            for speaker, count, mean, m2 in zip(speakers, *arrays, strict=True)
        }
        self._check_index()
        frames = file["frames"]
        used, (rows, *shape) = int(self.index["frames"].sum()), frames.shape
        if frames.dtype != np.float16 or rows < used or (*shape,) != self.settings.frame_shape:
            raise ValueError(f"frames are {frames.dtype} {frames.shape}")
        self._frames = np.memmap(  # "c": never written to, but torch wants to be allowed to
            self.path, np.float16, "c", frames.id.get_offset(), (used, *shape)
        )

    def _check_index(self) -> None:
        """No frame may be two utterances', nor count for a speaker whose it is not."""
        lengths = self.index["frames"]
        if not (self.index["start"] == lengths.cumsum() - lengths).all():
            raise ValueError("utterances do not follow one another")
        if self.index["utterance"].duplicated().any():
            raise ValueError("an utterance stands in it twice")
        counts = {speaker: moments.count for speaker, moments in self._moments.items()}
        if counts != lengths.groupby(self.index["speaker"]).sum().to_dict():
            raise ValueError("the moments are of other frames than the speakers'")

    def __enter__(self) -> FeatureStore:
        return self

    def __exit__(self, *_) -> None:
        del self._frames

    def read(self, start: int, frames: int) -> np.ndarray:
        """Rows ``start`` to ``start + frames``, (T, F) or (T, L, D) float16: a view of the file."""
        if not 0 <= start <= start + frames <= len(self._frames):
            raise StoreError(
                f"{self.path}: expected frames within 0 to {len(self._frames)}, found a request "
                f"for {start} to {start + frames}; make the split again from this store"
            )
        return self._frames[start : start + frames]

    def moments(self, speaker: str) -> Moments:
        """Moments of all frames of a speaker."""
        if speaker not in self._moments:
            raise StoreError(
                f"{self.path}: expected features of speaker {speaker!r}, found those of "
                f"{', '.join(self._moments)}; make the split again from this store"
            )
        return self._moments[speaker]


@contextmanager
def opened_to_read(path: Path) -> Iterator[h5py.File]:
    """An HDF5 file that nobody writes any more. HDF5 gets it open, and so takes no lock, which some
    disks do not have."""
    with open(path, "rb") as raw, h5py.File(raw, "r") as file:
        yield file


def _text(data: h5py.Dataset) -> list[str]:
    return list(data.asstr()[:])
