"""Corpus on disk -> manifest.csv, and what was left out."""

from __future__ import annotations

import logging
from pathlib import Path

from sernas.base.files import write_csv
from sernas.corpora.heard import heard
from sernas.corpora.left_out import log_left_out
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings


def prepare_corpus(
    settings: CorpusSettings,
    recordings: str | Path,
    manifest: str | Path,
    excluded: str | Path,
    threads: int = 1,
) -> None:
    """Read the corpus, hear its recordings, and write both tables.

    Args:
        recordings: a file that keeps what is found out of them.

    Raises:
        CorpusError, AudioError: its labels or its recordings cannot be used.
    """
    corpus = heard(read_corpus(settings), settings, recordings, threads)
    for warning in corpus.warnings:
        logging.warning(warning)
    write_csv(corpus.utterances, manifest)
    write_csv(corpus.excluded, excluded)
    labelled = len(corpus.utterances) + len(corpus.excluded)
    log_left_out(labelled, corpus.excluded["reason"], excluded)
