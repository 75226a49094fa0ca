"""TESS (Pichora-Fuller and Dupuis 2020): acted English words of two women."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.emotions import common
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA


class Tess(NamedFiles):
    """``OAF_Fear/OAF_back_fear.wav``: speaker (one file says OA), word, emotion; what folders are
    called is not consistent, so it is the file's name that counts."""

    name = "tess"
    about = "acted, by two women: too few for folds of their own"
    emotions = common("neutral", "angry", "happy", "sad", "fear", "disgust") | {"ps": "surprised"}
    pattern = (
        r"(?P<speaker>OAF?|YAF)_(?P<word>[A-Za-z]+)_"
        r"(?P<emotion>neutral|angry|happy|sad|fear|disgust|ps)"
    )
    expected = "TESS's audio files, such as OAF_Fear/OAF_back_fear.wav"
    language = "English"
    speakers = 2
    licence = "CC BY-NC-ND 4.0"
    size_gb = 0.3
    url = "https://doi.org/10.5683/SP2/E8H2MF"

    def more(self, match: re.Match[str]) -> Row:
        """The speaker of the file that says OA, too; both are women."""
        speaker = f"{match['speaker'][0]}AF"
        name = f"{speaker}_{match['word']}_{match['emotion']}"
        return {"utterance": name, "speaker": speaker, "gender": "F"}


CORPORA.add(Tess())
