"""RAVDESS (Livingstone and Russo 2018): acted speech and song."""

from __future__ import annotations

import re

from sernas.corpora.corpus import Row
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.published import ALL
from sernas.corpora.registry import CORPORA


class Ravdess(NamedFiles):
    """``Actor_12/03-01-06-01-02-01-12.wav``: modality (03 is audio alone), channel, emotion,
    intensity, statement, repetition and actor, of whom the odd ones are men."""

    name = "ravdess"
    about = "acted; its speech is used, or the songs"
    emotions = {
        "01": "neutral",
        "02": "calm",
        "03": "happy",
        "04": "sad",
        "05": "angry",
        "06": "fearful",
        "07": "disgusted",
        "08": "surprised",
    }
    pattern = r"03-(?P<channel>0[12])-(?P<emotion>0[1-8])-(?:0[12]-){3}(?P<speaker>[01]\d|2[0-4])"
    expected = "RAVDESS's audio files, such as Actor_01/03-01-01-01-01-01-01.wav"
    subsets = ("speech", "song", ALL)
    language = "English"
    speakers = 24
    licence = "CC BY-NC-SA 4.0"
    size_gb = 0.4
    url = "https://zenodo.org/records/1188976"

    def more(self, match: re.Match[str]) -> Row:
        """Whether it is spoken, and by whom."""
        return {
            "speaker": f"Actor_{match['speaker']}",
            "gender": "M" if int(match["speaker"]) % 2 else "F",
            "subset": "speech" if match["channel"] == "01" else "song",
        }


CORPORA.add(Ravdess())
