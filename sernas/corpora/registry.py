"""The corpora by name: one parser a file in ``parsers``, or of a plugin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sernas.base.errors import CorpusError, Refuse, SettingsError, raised
from sernas.base.registry import Registry
from sernas.corpora.corpus import Corpus, Row, select
from sernas.corpora.published import ALL, compare_with_published
from sernas.settings.corpus import CorpusSettings


class CorpusParser:
    """What a corpus on disk is to the rest: labels to depend on, and what they say.

    Attributes:
        name: in the configuration.
        about: what it is, in a line.
        emotions: what its labels are called here.
        subsets: what ``subset`` may name, the usual one first; rows say which they are of.
        unit: what a subset consists of.
        language, speakers, licence, size_gb (of what is read here), url (the official page): what
            the list of corpora says.
    """

    name: str
    about: str
    emotions: Mapping[str, str] = {}
    subsets: tuple[str, ...] = (ALL,)
    unit: str = "recording"
    language: str = ""
    speakers: int | None = None
    licence: str = ""
    size_gb: float | None = None
    url: str = ""

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

    def read(self, settings: CorpusSettings, refuse: Refuse) -> list[Row]:
        """The same, but for what cannot be read, of which each reason is refused; here it is all or
        none."""
        try:
            return self.labelled(settings)
        except CorpusError as error:
            refuse(error)
            return []

    def subset(self, settings: CorpusSettings) -> str:
        """The part that is used.

        Raises:
            SettingsError: this corpus has no such part.
        """
        chosen = settings.subset or self.subsets[0]
        if chosen not in self.subsets:
            raise SettingsError(
                f"subset: expected one of {', '.join(self.subsets)} for the corpus {self.name}, "
                f"found {chosen!r}; choose one of them, or leave it out"
            )
        return chosen

    def warnings(
        self, labelled: list[Row], usable: list[Row], settings: CorpusSettings
    ) -> list[str]:
        """What the user should know: of all utterances, and of those that are wanted and have
        audio. Here, what differs from the published counts."""
        return compare_with_published(self.name, self.subset(settings), labelled, settings)


CORPORA: Registry[CorpusParser] = Registry("corpus", "sernas.corpora.parsers")


def label_files(settings: CorpusSettings) -> list[str]:
    """Paths of the label files of the corpus ``settings.name``; see :class:`CorpusParser`."""
    parser = CORPORA[settings.name]
    parser.subset(settings)  # a wrong one is told before all else
    return parser.label_files(settings)


def labelled(
    settings: CorpusSettings, refuse: Refuse = raised, parser: CorpusParser | None = None
) -> list[Row]:
    """All utterances of the corpus ``settings.name`` that there are labels of, with those of other
    subsets left out and emotions merged, and each with a ``reason``, perhaps none.

    Args:
        parser: in place of that of the corpus.

    Raises:
        SettingsError: the corpus has no such subset.

    Refuses:
        CorpusError: labels are missing or wrong, or there is none of an emotion to be merged.
    """
    parser = parser or CORPORA[settings.name]
    subset, merge = parser.subset(settings), settings.merge
    rows = parser.read(settings, refuse)
    known = dict.fromkeys(row["emotion"] for row in rows if row["emotion"])
    if absent := [emotion for emotion in merge if emotion not in known]:
        refuse(
            CorpusError(
                f"merge: expected emotions of corpus {settings.root} ({', '.join(known)}), found "
                f"{', '.join(absent)}; correct merge"
            )
        )
    for row in rows:
        row["emotion"] = merge.get(row["emotion"], row["emotion"])
        part = row.get("subset", subset)
        if not row.setdefault("reason", "") and subset not in (ALL, part):
            row["reason"] = f"{part} {parser.unit}; only {subset} {parser.unit}s are used"
    return rows


def read_corpus(
    settings: CorpusSettings, refuse: Refuse = raised, parser: CorpusParser | None = None
) -> Corpus:
    """The wanted utterances that have audio, unheard, and those that are left out.

    Args:
        parser: in place of that of the corpus ``settings.name``.

    Refuses:
        SettingsError, CorpusError: as of :func:`labelled`; and CorpusError if an emotion has no
            utterance, or an audio file is missing and ``settings.on_bad_audio`` is "fail".
    """
    parser = parser or CORPORA[settings.name]
    rows = labelled(settings, refuse, parser)
    corpus = select(rows, settings, refuse)
    usable = corpus.utterances.to_dict("records")
    return replace(corpus, warnings=parser.warnings(rows, usable, settings))
