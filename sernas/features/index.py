"""What a store says of its frames: whose they are, each speaker's moments, and their making."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import version

import h5py
import numpy as np

from sernas.features.checksum import corpus_checksum
from sernas.features.moments import Moments, merge_into
from sernas.features.store import FORMAT, TEXT, WHOLE, StoreSettings
from sernas.features.stream import STREAMS


class StoreIndex:
    """The utterances of a store, in its order; ``used`` counts their frames."""

    def __init__(self) -> None:
        self.used = 0
        self._rows: list[dict] = []
        self._audio: list[str] = []
        self._moments: dict[str, Moments] = {}

    def add(self, moments: Moments, seconds: float, sha256: str, **labels: str) -> slice:
        """Add an utterance; returns the rows of ``frames`` that are its own.

        Args:
            moments: of its frames.
            seconds: how long it lasts.
            sha256: of the audio file, hexadecimal.
            labels: the index's text columns.
        """
        rows = slice(self.used, self.used + moments.count)
        self.used = rows.stop
        whole = {"start": rows.start, "frames": moments.count, "seconds": seconds}
        self._rows.append({**labels, **whole})
        self._audio.append(sha256)
        merge_into(self._moments, labels["speaker"], moments)
        return rows

    def write(self, file: h5py.File, settings: StoreSettings) -> None:
        """Write the index, the moments per speaker and the attributes; ``complete`` comes last."""
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
        [stream] = [each for each in STREAMS.values() if isinstance(settings, each.settings)]
        file.attrs["kind"] = stream.kind
        file.attrs["settings"] = json.dumps(asdict(settings))
        file.attrs["versions"] = json.dumps({name: version(name) for name in stream.libraries})
        file.attrs["format"] = FORMAT
        file.attrs["complete"] = True
