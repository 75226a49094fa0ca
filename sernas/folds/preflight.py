"""What the labels alone show to be wrong, said before a job starts."""

from __future__ import annotations

from pathlib import Path

from sernas.corpora.demo import MARKER
from sernas.corpora.registry import read_corpus
from sernas.folds.split import make_folds
from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings


def check_corpus(corpus: CorpusSettings, *folds: FoldSettings) -> None:
    """Raise the CorpusError or FoldError that the labels will lead to, if they will.

    Snakemake removes a job's earlier results when it starts: a job that fails has destroyed them.
    """
    if corpus.name == "demo" and not Path(corpus.root, MARKER).is_file():
        return  # yet to be made
    utterances = read_corpus(corpus).utterances
    for settings in folds:
        make_folds(utterances, settings, corpus.emotions)
