"""EMO-DB (Burkhardt et al. 2005), the Berlin database: acted German."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA

WOMEN = ("08", "09", "13", "14", "16")


class EmoDb(NamedFiles):
    """``wav/03a01Fa.wav``: speaker, text, the German emotion's letter, and which version."""

    name = "emodb"
    about = "acted; the Berlin database"
    emotions = {
        "N": "neutral",
        "W": "angry",  # Wut
        "F": "happy",  # Freude
        "T": "sad",  # Trauer
        "A": "fearful",  # Angst
        "E": "disgusted",  # Ekel
        "L": "bored",  # Langeweile
    }
    pattern = r"(?P<speaker>0[389]|1[0-6])[ab]\d\d(?P<emotion>[NWFTAEL])[a-z]"
    expected = "EMO-DB's audio files, such as wav/03a01Fa.wav"
    language = "German"
    speakers = 10
    licence = "free to download; see the page"
    size_gb = 0.05
    url = "http://emodb.bilderbar.info/"

    def more(self, match: re.Match[str]) -> Row:
        """The gender, which the documentation says of each speaker."""
        return {"gender": "F" if match["speaker"] in WOMEN else "M"}


CORPORA.add(EmoDb())
