"""MSP-Podcast (Lotfian and Busso 2019): English from podcasts, by what listeners heard."""

from __future__ import annotations

import os
from pathlib import Path

from sernas.base.errors import CorpusError
from sernas.corpora.corpus import Row
from sernas.corpora.label_files import SPEAKER_UNKNOWN, find_labels, read_csv, shown
from sernas.corpora.published import ALL
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

LABELS = "Labels/labels_consensus.csv"
COLUMNS = ("FileName", "EmoClass", "SpkrID", "Gender", "Split_Set")
GENDERS = {"Female": "F", "Male": "M"}


class MspPodcast(CorpusParser):
    """``Labels/labels_consensus.csv`` and ``Audios/MSP-PODCAST_0001_0008.wav``.

    Releases differ in what they hold, so nothing but the header is checked.
    """

    name = "msp_podcast"
    about = "podcasts; by what listeners heard, without unknown speakers"
    emotions = {
        "N": "neutral",
        "A": "angry",
        "H": "happy",
        "S": "sad",
        "F": "fearful",
        "D": "disgusted",
        "U": "surprised",
        "C": "contempt",
        "O": "other",
        "X": "no agreement",
    }
    subsets = (ALL, "train", "development", "test1", "test2", "test3")
    language = "English"
    licence = "on request"
    url = "https://ecs.utdallas.edu/research/researchlabs/msp-lab/MSP-Podcast.html"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The one file."""
        return find_labels(settings.root, [LABELS], f"MSP-Podcast's {LABELS}")

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """Its rows."""
        path = Path(*self.label_files(settings))
        audio = "Audio" if os.path.isdir(Path(settings.root, "Audio")) else "Audios"
        rows: dict[str, Row] = {}
        for line, cells in read_csv(path, COLUMNS):
            where, file = f"{path}, line {line}", cells["FileName"]
            if cells["EmoClass"] not in self.emotions or not file or "/" in file or file in rows:
                raise CorpusError(
                    f"{where}: expected a file once and one of the emotions "
                    f"{', '.join(self.emotions)}, found '{shown(file)}' and "
                    f"'{shown(cells['EmoClass'])}'; restore the file from the release"
                )
            speaker = cells["SpkrID"].strip()
            rows[file] = {
                "utterance": file.removesuffix(".wav"),
                "path": f"{audio}/{file}",
                "speaker": speaker,
                "session": "",
                "gender": GENDERS.get(cells["Gender"], ""),
                "emotion": self.emotions[cells["EmoClass"]],
                "subset": cells["Split_Set"].lower().replace("validation", "development"),
                "reason": SPEAKER_UNKNOWN if speaker.lower() in ("", "unknown") else "",
                "where": where,
            }
        return list(rows.values())


CORPORA.add(MspPodcast())
