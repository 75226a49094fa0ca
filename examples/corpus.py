"""A corpus of your own: EMOVO (Costantini et al. 2014), acted Italian, by its file names.

    snakemake --cores 2 --config plugins='[examples/corpus.py]' corpus=emovo \
        corpus_root=/data/EMOVO folds='{scheme: speaker}'

A file is ``f1/dis-f1-b1.wav``: emotion, speaker and sentence. Where labels are in no file names,
derive from CorpusParser and write label_files and labelled yourself.
"""

import re

from sernas.corpora.named_files import NamedFiles
from sernas.corpora.registry import CORPORA


class Emovo(NamedFiles):
    """Six speakers, three of them women."""

    name = "emovo"
    about = "EMOVO, by its file names"
    emotions = {
        "neu": "neutral",
        "rab": "angry",
        "gio": "happy",
        "tri": "sad",
        "pau": "fearful",
        "dis": "disgusted",
        "sor": "surprised",
    }
    pattern = r"(?P<emotion>neu|rab|gio|tri|pau|dis|sor)-(?P<speaker>[fm][123])-[a-z]\d"
    expected = "EMOVO's audio files, such as f1/dis-f1-b1.wav"

    def more(self, match: re.Match[str]) -> dict[str, str]:
        """The gender."""
        return {"gender": match["speaker"][0].upper()}


CORPORA.add(Emovo())
