"""The corpora by name.

Adding one is a file with a class under ``@register``, imported in the last line of this one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sernas.base.errors import SettingsError
from sernas.corpora.corpus import Corpus
from sernas.settings.corpus import CorpusSettings


class CorpusParser(Protocol):
    """What a corpus on disk is to the rest: labels to depend on, and a table to read."""

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The paths that the manifest depends on; light enough to be asked on every run."""

    def read(self, settings: CorpusSettings) -> Corpus:
        """The utterances of ``settings.emotions``, and those left out with their reasons."""


CORPORA: dict[str, CorpusParser] = {}


def register(name: str) -> Callable[[type], type]:
    """Class decorator: an instance of the class reads the corpora called ``name``."""

    def add(parser: type) -> type:
        CORPORA[name] = parser()
        return parser

    return add


def label_files(settings: CorpusSettings) -> list[str]:
    """Paths of the label files of the corpus, under ``settings.root``.

    Raises CorpusError where there are none, SettingsError for an unknown ``settings.name``.
    """
    return _parser(settings).label_files(settings)


def read_corpus(settings: CorpusSettings) -> Corpus:
    """Read the labels of the corpus ``settings.name`` in ``settings.root``.

    Raises CorpusError where labels are missing or wrong, where an emotion has no utterance, and
    for a missing audio file if ``settings.on_bad_audio`` is "fail".
    """
    return _parser(settings).read(settings)


def _parser(settings: CorpusSettings) -> CorpusParser:
    if settings.name not in CORPORA:
        raise SettingsError(
            f'corpus is "{settings.name}", which is not a known corpus; '
            f"set it to one of: {', '.join(sorted(CORPORA))}"
        )
    return CORPORA[settings.name]


# Last, since they register themselves with the above; by name, so that the code which a corpus
# depends on can be followed.
from sernas.corpora import iemocap, manifest  # noqa: E402, F401
