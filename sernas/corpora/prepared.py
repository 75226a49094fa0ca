"""Corpus on disk -> manifest.csv, and what was left out."""

from __future__ import annotations

import logging
from pathlib import Path

from sernas.base.files import write_csv
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings


def prepare_corpus(settings: CorpusSettings, manifest: str | Path, excluded: str | Path) -> None:
    """Read the corpus and write both tables.

    Raises:
        CorpusError: its labels cannot be used.
    """
    corpus = read_corpus(settings)
    for warning in corpus.warnings:
        logging.warning(warning)
    logging.info("%d utterances, %d left out", len(corpus.utterances), len(corpus.excluded))
    write_csv(corpus.utterances, manifest)
    write_csv(corpus.excluded, excluded)
