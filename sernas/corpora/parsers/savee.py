"""SAVEE (Haq and Jackson 2009): acted English of four men."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA


class Savee(NamedFiles):
    """``AudioData/DC/a01.wav``, or flat ``DC_a01.wav``: speaker, emotion, sentence."""

    name = "savee"
    about = "acted, by four men"
    emotions = {
        "n": "neutral",
        "a": "angry",
        "h": "happy",
        "sa": "sad",
        "f": "fearful",
        "d": "disgusted",
        "su": "surprised",
    }
    pattern = r"(?P<speaker>DC|JE|JK|KL)[/_](?P<emotion>sa|su|[nahfd])(?P<sentence>\d\d)"
    expected = "SAVEE's audio files, such as AudioData/DC/a01.wav or DC_a01.wav"
    language = "English"
    speakers = 4
    licence = "on registration, for research"
    size_gb = 0.2
    url = "http://kahlan.eps.surrey.ac.uk/savee/"

    def more(self, match: re.Match[str]) -> Row:
        """One name for both layouts; all are men."""
        name = f"{match['speaker']}_{match['emotion']}{match['sentence']}"
        return {"utterance": name, "gender": "M"}


CORPORA.add(Savee())
