"""nEMO (Christop 2024): acted Polish."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.emotions import common
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA

WOMEN = ("EB0", "IC0", "KD0", "MK0")


class Nemo(NamedFiles):
    """``samples/EB0_anger_12.wav``: speaker, emotion, sentence; the same sentences throughout."""

    name = "nemo"
    about = "acted; the same sentences in every emotion"
    emotions = common("neutral", "anger", "happiness", "sadness", "fear", "surprised")
    pattern = rf"(?P<speaker>[A-Z]{{2}}\d)_(?P<emotion>{'|'.join(emotions)})_\d+"
    suffixes = (".wav", ".flac")
    expected = "nEMO's audio files, such as samples/EB0_anger_12.wav"
    language = "Polish"
    speakers = 9
    licence = "CC BY-NC-SA 4.0"
    size_gb = 0.5
    url = "https://github.com/amu-cai/nEMO"

    def more(self, match: re.Match[str]) -> Row:
        """The gender, which data.tsv says of each speaker."""
        return {"gender": "F" if match["speaker"] in WOMEN else "M"}


CORPORA.add(Nemo())
