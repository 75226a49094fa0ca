"""ESD (Zhou et al. 2021), the emotional speech database: acted English and Chinese."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.emotions import common
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.published import ALL
from sernas.corpora.registry import CORPORA


class Esd(NamedFiles):
    """``0011/Angry/0011_000351.wav``, in some copies with a folder of a partition between.

    Folders say the emotion: the text files beside them, some of which say it in Chinese and in
    other encodings, are not read.
    """

    name = "esd"
    about = "acted, in two languages; by its folders"
    emotions = common("Neutral", "Angry", "Happy", "Sad", "Surprise")
    pattern = (
        r"(?P<emotion>Neutral|Angry|Happy|Sad|Surprise)/(?:(?:train|evaluation|test)/)?"
        r"(?P<speaker>00(?:0[1-9]|1\d|20))_\d{6}"
    )
    expected = "ESD's audio files in folders of emotions, such as 0011/Angry/0011_000351.wav"
    subsets = (ALL, "english", "chinese")
    language = "English, Chinese"
    speakers = 20
    licence = "for research, on agreement"
    size_gb = 3.3
    url = "https://github.com/HLTSingapore/Emotional-Speech-Data"

    def more(self, match: re.Match[str]) -> Row:
        """The language: speakers to 0010 are Chinese."""
        return {"subset": "english" if match["speaker"] > "0010" else "chinese"}


CORPORA.add(Esd())
