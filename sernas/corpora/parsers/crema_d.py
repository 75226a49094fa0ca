"""CREMA-D (Cao et al. 2014): acted English of 91 actors."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA

BROKEN = {
    "1064_IEO_DIS_MD": "it is a minute of all emotions",
    "1064_TIE_SAD_XX": "it lasts next to no time",
    "1076_MTI_NEU_XX": "it holds next to nothing",
    "1076_MTI_SAD_XX": "it holds no sound",
}
"""Files that are known to be broken in every copy."""


class CremaD(NamedFiles):
    """``AudioWAV/1001_DFA_ANG_XX.wav``: actor, sentence, emotion that was to be acted, and level,
    which one name has as a single X."""

    name = "crema_d"
    about = "acted; by the emotion that was to be acted, without four broken files"
    emotions = {
        "NEU": "neutral",
        "ANG": "angry",
        "HAP": "happy",
        "SAD": "sad",
        "FEA": "fearful",
        "DIS": "disgusted",
    }
    pattern = (
        r"(?P<name>(?P<speaker>10\d\d)_[A-Z]{3}_(?P<emotion>NEU|ANG|HAP|SAD|FEA|DIS)_"
        r"(?:XX?|LO|MD|HI))"
    )
    expected = "CREMA-D's audio files, such as AudioWAV/1001_DFA_ANG_XX.wav"
    language = "English"
    speakers = 91
    licence = "ODbL 1.0"
    size_gb = 0.6
    url = "https://github.com/CheyneyComputerScience/CREMA-D"

    def more(self, match: re.Match[str]) -> Row:
        """Why it is left out, if it is broken."""
        why = BROKEN.get(match["name"])
        return {"reason": f"known to be broken: {why}"} if why else {}


CORPORA.add(CremaD())
