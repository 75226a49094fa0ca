"""What labels and recordings show to be wrong, said before a job starts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sernas.corpora.demo import MARKER
from sernas.corpora.heard import heard
from sernas.corpora.left_out import faulty
from sernas.corpora.registry import read_corpus
from sernas.folds.split import make_folds
from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings


def check_corpus(
    corpus: CorpusSettings,
    folds: Iterable[FoldSettings],
    recordings: str | Path,
    threads: int = 1,
) -> None:
    """Raise the error that labels and recordings will lead to, if they will.

    Snakemake removes a job's earlier results when it starts: a job that fails has destroyed them.

    Args:
        recordings: a file that keeps what is found out of them.

    Raises:
        CorpusError, AudioError, FoldError: they cannot be used, or not for these folds.
    """
    if corpus.name == "demo" and not Path(corpus.root, MARKER).is_file():
        return  # yet to be made
    usable = heard(read_corpus(corpus), corpus, recordings, threads)
    missed = faulty(usable.excluded)
    for settings in folds:
        make_folds(usable.utterances, settings, corpus.emotions, missed)
