"""manifest.csv -> the store of one stream, and the list of everything left out on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sernas.base.files import write_csv
from sernas.base.registry import load
from sernas.features.stream import Stream


def extract_stream(
    stream: Stream,
    manifest: str | Path,
    excluded_before: str | Path,
    root: str | Path,
    store: str | Path,
    excluded: str | Path,
    settings: Any,
    on_bad_audio: str,
    silence_db: float,
    threads: int,
    **on_device: Any,
) -> None:
    """Fill ``store``, and write ``excluded``: what was left out before, and what cannot be used.

    Args:
        manifest: a file with the utterances.
        excluded_before: a file with those that the corpus left out.
        root: the folder of the corpus.
        settings: those of the stream's section of the configuration.
        on_bad_audio: "exclude" or "fail".
        silence_db: dBFS up to which a recording is silent.
        on_device: ``device``, ``partial`` and ``code`` for a stream that is made on a device.
    """
    utterances, before = (
        pd.read_csv(path, dtype=str, keep_default_na=False) for path in (manifest, excluded_before)
    )
    extract = load(stream.extraction)
    left_out = extract(
        utterances,
        Path(root),
        Path(store),
        settings,
        on_bad_audio,
        silence_db=silence_db,
        threads=threads,
        **on_device,
    )
    write_csv(pd.concat([before, left_out]), excluded)
