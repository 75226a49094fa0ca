"""The corpora by name: one parser a file in ``parsers``, or of a plugin."""

from __future__ import annotations

from typing import Protocol

from sernas.base.registry import Registry
from sernas.corpora.corpus import Corpus
from sernas.settings.corpus import CorpusSettings


class CorpusParser(Protocol):
    """What a corpus on disk is to the rest: labels to depend on, and a table to read.

    Attributes:
        name: in the configuration.
        about: what it is, in a line.
    """

    name: str
    about: str

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The paths that the manifest depends on, under ``settings.root``; light enough to be asked
        on every run.

        Raises:
            CorpusError: there are none.
        """

    def read(self, settings: CorpusSettings) -> Corpus:
        """The utterances of ``settings.emotions``, and those left out with their reasons.

        Raises:
            CorpusError: labels are missing or wrong, an emotion has no utterance, or an audio file
                is missing and ``settings.on_bad_audio`` is "fail".
        """


CORPORA: Registry[CorpusParser] = Registry("corpus", "sernas.corpora.parsers")


def label_files(settings: CorpusSettings) -> list[str]:
    """Paths of the label files of the corpus ``settings.name``; see :class:`CorpusParser`."""
    return CORPORA[settings.name].label_files(settings)


def read_corpus(settings: CorpusSettings) -> Corpus:
    """Read the labels of the corpus ``settings.name``; see :class:`CorpusParser`."""
    return CORPORA[settings.name].read(settings)
