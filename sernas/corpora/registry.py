"""The corpora by name: one parser a file in ``parsers``, or of a plugin."""

from __future__ import annotations

from dataclasses import replace

from sernas.base.registry import Registry
from sernas.corpora.corpus import Corpus, Row, select
from sernas.settings.corpus import CorpusSettings


class CorpusParser:
    """What a corpus on disk is to the rest: labels to depend on, and what they say.

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
        raise NotImplementedError

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """All utterances that there are labels of, whether or not they are wanted or have audio.
        Light, too.

        Raises:
            CorpusError: labels are missing or wrong.
        """
        raise NotImplementedError

    def warnings(
        self, labelled: list[Row], usable: list[Row], settings: CorpusSettings
    ) -> list[str]:
        """What the user should know: of all utterances, and of those that are wanted and have
        audio."""
        return []


CORPORA: Registry[CorpusParser] = Registry("corpus", "sernas.corpora.parsers")


def label_files(settings: CorpusSettings) -> list[str]:
    """Paths of the label files of the corpus ``settings.name``; see :class:`CorpusParser`."""
    return CORPORA[settings.name].label_files(settings)


def labelled(settings: CorpusSettings) -> list[Row]:
    """All utterances of the corpus ``settings.name`` that there are labels of."""
    return CORPORA[settings.name].labelled(settings)


def read_corpus(settings: CorpusSettings) -> Corpus:
    """The wanted utterances that have audio, unheard, and those that are left out.

    Raises:
        CorpusError: labels are missing or wrong, an emotion has no utterance, or an audio file is
            missing and ``settings.on_bad_audio`` is "fail".
    """
    rows = labelled(settings)
    corpus = select(rows, settings)
    usable = corpus.utterances.to_dict("records")
    return replace(corpus, warnings=CORPORA[settings.name].warnings(rows, usable, settings))
