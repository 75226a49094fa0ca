"""manifest.csv -> the store of one stream, and the list of everything left out on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sernas.base.files import read_csv, write_csv
from sernas.base.registry import load
from sernas.corpora.left_out import log_left_out
from sernas.features.stream import Stream
from sernas.settings.corpus import CorpusSettings


def extract_stream(
    stream: Stream,
    manifest: str | Path,
    corpus: CorpusSettings,
    store: str | Path,
    excluded: str | Path,
    settings: Any,
    threads: int,
    **on_device: Any,
) -> None:
    """Fill ``store``, and write ``excluded``: what cannot be used for it.

    Args:
        manifest: a file with the utterances.
        corpus: where they are, and what becomes of bad audio.
        settings: those of the stream's section of the configuration.
        on_device: ``device``, ``partial`` and ``code`` for a stream that is made on a device.
    """
    utterances = read_csv(manifest)
    extract = load(stream.extraction)
    left_out = extract(
        utterances,
        Path(corpus.root),
        Path(store),
        settings,
        corpus.on_bad_audio,
        silence_db=corpus.silence_db,
        trim_db=corpus.trim_db,
        threads=threads,
        **on_device,
    )
    write_csv(left_out, excluded)
    log_left_out(len(utterances), left_out["reason"], excluded)
