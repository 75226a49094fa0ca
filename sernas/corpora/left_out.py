"""What is left out, in a sentence, and how much of it may be."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sernas.base.errors import CorpusError, Refuse, raised

if TYPE_CHECKING:
    import pandas as pd

    from sernas.corpora.corpus import Corpus
    from sernas.settings.corpus import CorpusSettings

MISSING = "audio file is missing"
MISSPELT = "did you mean"
TWICE = "it holds the same samples as"
_KINDS = 6  # that are told apart in a sentence
_FOUND = re.compile(r"expected .*?, (found [^;(]*[^;( ])")


def log_left_out(utterances: int, reasons: pd.Series, file: str | Path) -> None:
    """Say, on the terminal too, how many of so many are left out, and which ``file`` lists them."""
    if len(reasons):
        logging.warning(
            f"{len(reasons)} of {utterances} utterances are left out ({counted(reasons)}); {file} "
            "lists them"
        )


def counted(reasons: pd.Series) -> str:
    """How many are left out for what, the most frequent first: "40 x audio file is missing"."""
    kinds = reasons.map(kind).value_counts()
    said = [f"{count} x {each}" for each, count in kinds.head(_KINDS).items()]
    if more := kinds[_KINDS:].sum():
        said.append(f"{more} for other reasons")
    return "; ".join(said) or "none"


def kind(reason: str) -> str:
    """A reason without what differs from file to file."""
    if reason.startswith(MISSING):
        return reason.partition(": ")[0]
    if reason.startswith(TWICE):
        return f"{TWICE} another"
    found = _FOUND.search(reason)
    return found[1] if found else reason


def faulty(excluded: pd.DataFrame) -> pd.DataFrame:
    """The utterances that are left out for what is wrong with them, and not on purpose."""
    return excluded[excluded["reason"].map(_is_fault)]


def _is_fault(reason: str) -> bool:
    return reason.startswith(MISSING) or MISSPELT in reason or _FOUND.search(reason) is not None


def require_few_left_out(corpus: Corpus, settings: CorpusSettings, refuse: Refuse = raised) -> None:
    """Refuse, with a CorpusError, that more than the share ``settings.most_left_out`` is left out
    for its faults."""
    faults = faulty(corpus.excluded)
    looked_at = len(corpus.utterances) + len(faults)
    if len(faults) > settings.most_left_out * looked_at:
        first = faults.iloc[0]
        refuse(
            CorpusError(
                f"corpus {settings.root}: expected at most {100 * settings.most_left_out:g} % of "
                f"the recordings to be faulty (most_left_out), found {len(faults)} of {looked_at} "
                f"({counted(faults['reason'])}; the first: {first['path']}: {first['reason']}); "
                "restore them, correct their labels, or raise most_left_out"
            )
        )
