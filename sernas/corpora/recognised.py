"""Which corpus a folder looks like."""

from __future__ import annotations

from sernas.base.errors import SernasError
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

NONE_OF_ITS_OWN = ("demo", "manifest")
"""The former looks like IEMOCAP, the latter says so itself."""
SHARE = 0.5  # of the recordings that must have a corpus's names


def recognised(root: str) -> list[str]:
    """The corpora whose label files are there, or whose names half of the recordings have."""
    return [
        name
        for name in sorted(CORPORA)
        if name not in NONE_OF_ITS_OWN
        and _looks_like(CORPORA[name], CorpusSettings(name=name, root=root))
    ]


def _looks_like(parser: CorpusParser, settings: CorpusSettings) -> bool:
    try:
        parser.label_files(settings)
        if not isinstance(parser, NamedFiles):
            return True
        rows = parser.labelled(settings)
    except SernasError:
        return False
    return sum(not row.get("reason") for row in rows) >= SHARE * len(rows)
