"""IEMOCAP (Busso et al. 2008) as it is released."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sernas.base.errors import CorpusError
from sernas.corpora.corpus import Row
from sernas.corpora.label_files import read_labels, require_labels, shown
from sernas.corpora.parsers.iemocap_counts import compare_speakers_with_published
from sernas.corpora.published import ALL
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

EMOTIONS = {
    "neu": "neutral",
    "ang": "angry",
    "hap": "happy",
    "sad": "sad",
    "exc": "excited",
    "fru": "frustrated",
    "sur": "surprised",
    "fea": "fearful",
    "dis": "disgusted",
    "oth": "other",
    "xxx": "no agreement",
}
SUBSETS = {"impro": "improvised", "script": "scripted"}

_DIALOG = re.compile(r"(?P<session>Ses0[1-5])[FM]_(?P<kind>impro|script)\w+")
_NUMBER = r"-?\d+(?:\.\d+)?"
_UTTERANCE = re.compile(
    rf"\[{_NUMBER} - {_NUMBER}\]\t(?P<dialog>\w+)_(?P<gender>[FM])(?P<turn>\w+)"
    rf"\t(?P<code>\w+)\t\[{_NUMBER}, {_NUMBER}, {_NUMBER}\]"
)


class Iemocap(CorpusParser):
    """The full release: ``Session1`` to ``Session5``, each with ``dialog`` and ``sentences``."""

    name = "iemocap"
    about = "acted dialogs, the full release as it is on disk; the improvised ones are used"
    emotions = EMOTIONS
    subsets = (*SUBSETS.values(), ALL)
    unit = "dialog"
    language = "English"
    speakers = 10
    licence = "on request, for research"
    url = "https://sail.usc.edu/iemocap/"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """One text file a dialog; ``._*`` files and sub-folders lie beside them and are not it."""
        root = Path(settings.root)
        pattern = "Session[1-5]/dialog/EmoEvaluation/[!.]*.txt"
        found = sorted(root.glob(pattern)) if os.path.isdir(root) else []
        require_labels(root, found, "Session1 to Session5 with dialog/EmoEvaluation/*.txt")
        for path in found:
            _dialog_of(path)
        return [str(path) for path in found]

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """The utterances of all dialogs."""
        labelled = {}
        for path in map(Path, Iemocap.label_files(self, settings)):
            for row, where in read_dialog(path):
                if row["utterance"] in labelled:
                    raise CorpusError(
                        f"{where}: expected each utterance once, found {row['utterance']} again; "
                        "remove the second label or file"
                    )
                labelled[row["utterance"]] = row
        return list(labelled.values())

    def warnings(
        self, labelled: list[Row], usable: list[Row], settings: CorpusSettings
    ) -> list[str]:
        """What differs from the published counts."""
        if self.subset(settings) == SUBSETS["impro"]:
            return compare_speakers_with_published(labelled, usable, settings)
        return super().warnings(labelled, usable, settings)


class Demo(Iemocap):
    """The demo corpus: IEMOCAP's layout without IEMOCAP's counts."""

    name = "demo"
    about = "synthetic, generated"
    language = licence = url = ""

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The folder, which need not have been made yet."""
        return [settings.root]

    def warnings(
        self, labelled: list[Row], usable: list[Row], settings: CorpusSettings
    ) -> list[str]:
        """None."""
        return []


CORPORA.add(Iemocap())
CORPORA.add(Demo())


def read_dialog(path: Path) -> list[tuple[Row, str]]:
    """The utterances of one label file, each with the place where it stands.

    Raises CorpusError with file and line for a file or line that is not in IEMOCAP's format.
    """
    dialog, session = _dialog_of(path), path.parents[2].name
    utterances = []
    for number, raw in enumerate(read_labels(path).splitlines(), start=1):
        where = f"{path}, line {number}"
        try:
            line = raw.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise CorpusError(
                f"{where}: expected UTF-8 text, found {error.object[error.start :][:8]!r}; "
                "restore the file from the release"
            ) from error
        # Other lines are the header, blank, or the annotators' (C-E2:, A-E3: ...).
        if line.startswith("[") or f"{path.stem}_" in line:
            utterances.append((_parse(line, dialog, session, where), where))
    if not utterances:
        raise CorpusError(
            f"{path}: expected utterance lines, found none; restore the file from the release"
        )
    return utterances


def _dialog_of(path: Path) -> re.Match:
    session = path.parents[2].name
    dialog = _DIALOG.fullmatch(path.stem)
    if not dialog or dialog["session"][-1] != session[-1]:
        raise CorpusError(
            f"{path.parent}: expected a dialog of {session}, such as Ses0{session[-1]}F_impro01.txt"
            f", found the name {shown(path.name)}; remove the file or correct its name"
        )
    return dialog


def _parse(line: str, dialog: re.Match, session: str, where: str) -> Row:
    match = _UTTERANCE.fullmatch(line)
    if not match or match["dialog"] != dialog[0]:
        raise CorpusError(
            f"{where}: expected [start - end], an utterance of {dialog[0]}, an emotion and "
            f"[V, A, D], separated by tabs, found '{shown(line)}'; restore the file from the "
            "release"
        )
    if match["code"] not in EMOTIONS:
        raise CorpusError(
            f"{where}: expected one of the emotions {', '.join(EMOTIONS)}, "
            f"found '{shown(match['code'])}'; restore the file from the release"
        )
    utterance = f"{dialog[0]}_{match['gender']}{match['turn']}"
    return {
        "utterance": utterance,
        "path": f"{session}/sentences/wav/{dialog[0]}/{utterance}.wav",
        # Not the letter after Ses01, which is the actor who wore the motion-capture markers.
        "speaker": dialog["session"] + match["gender"],
        "session": dialog["session"],
        "gender": match["gender"],
        "emotion": EMOTIONS[match["code"]],
        "subset": SUBSETS[dialog["kind"]],
    }
