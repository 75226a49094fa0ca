"""MSP-IMPROV (Busso et al. 2017): acted English dialogs, by what listeners heard."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from sernas.base.errors import CorpusError
from sernas.corpora.corpus import Row
from sernas.corpora.label_files import find_labels, read_labels, shown
from sernas.corpora.named_files import files_under
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

LABELS = ("Evalution.txt", "Evaluation.txt")  # the former is the release's

_UTTERANCE = re.compile(
    r"UTD-IMPROV-(?P<name>(?P<scenario>S\d\d[A-Z])-(?P<speaker>(?P<gender>[FM])0(?P<session>[1-6]))-"
    r"(?P<kind>[A-Z])-\w+)\.avi\s*;\s*(?P<emotion>[NAHSOX])\s*;.*",
    re.ASCII,
)


class MspImprov(CorpusParser):
    """``Evalution.txt``, and somewhere beside it recordings such as
    ``session1/S01A/P/MSP-IMPROV-S01A-F01-P-FM01.wav``; a session is a dyad."""

    name = "msp_improv"
    about = "acted dialogs; by what listeners heard"
    emotions = {
        "N": "neutral",
        "A": "angry",
        "H": "happy",
        "S": "sad",
        "O": "other",
        "X": "no agreement",
    }
    language = "English"
    speakers = 12
    licence = "on request, for research"
    url = "https://ecs.utdallas.edu/research/researchlabs/msp-lab/MSP-Improv.html"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The one file."""
        return find_labels(settings.root, LABELS, "MSP-IMPROV's Evalution.txt")[:1]

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """The lines that begin with an utterance; those after each are its listeners'."""
        path = Path(*self.label_files(settings))
        audio = {PurePosixPath(each).stem: each for each in files_under(settings.root, (".wav",))}
        rows: dict[str, Row] = {}
        for number, line in enumerate(read_labels(path).decode("latin-1").splitlines(), start=1):
            if not line.startswith("UTD-"):
                continue
            where, match = f"{path}, line {number}", _UTTERANCE.fullmatch(line)
            if not match or match["name"] in rows:
                raise CorpusError(
                    f"{where}: expected an utterance once, such as UTD-IMPROV-S01A-F01-P-FM01.avi; "
                    f"N; and its values, found '{shown(line)}'; restore the file from the release"
                )
            utterance = f"MSP-IMPROV-{match['name']}"
            folder = f"session{match['session']}/{match['scenario']}/{match['kind']}"
            rows[match["name"]] = {
                "utterance": utterance,
                "path": audio.get(utterance, f"{folder}/{utterance}.wav"),
                "speaker": match["speaker"],
                "session": f"session{match['session']}",
                "gender": match["gender"],
                "emotion": self.emotions[match["emotion"]],
                "where": where,
            }
        if not rows:
            raise CorpusError(
                f"{path}: expected lines such as UTD-IMPROV-S01A-F01-P-FM01.avi; N; ..., found "
                "none; restore the file from the release"
            )
        return list(rows.values())


CORPORA.add(MspImprov())
