"""A corpus of your own: RAVDESS (Livingstone and Russo 2018), speech, by its file names.

    snakemake --cores 2 --config plugins='[examples/corpus.py]' corpus=ravdess \
        corpus_root=/data/ravdess folds='{scheme: speaker}'

A file is ``Actor_12/03-01-06-01-02-01-12.wav``: modality, channel, emotion, intensity, statement,
repetition and actor, of whom the odd ones are men.
"""

import re
from pathlib import Path

from sernas.corpora.label_files import require_labels
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgusted", "surprised")
NAME = re.compile(r"03-(?P<channel>01|02)-0(?P<emotion>[1-8])(-0[12]){3}-(?P<actor>\d\d)")


class Ravdess(CorpusParser):
    """The folders ``Actor_01`` to ``Actor_24``; songs are left out."""

    name = "ravdess"
    about = "RAVDESS, its speech, by its file names"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """The folder: there are no labels but the names of its files."""
        self._files(settings)
        return [settings.root]

    def labelled(self, settings: CorpusSettings) -> list[dict[str, str]]:
        """An utterance a file."""
        return [self._utterance(path) for path in self._files(settings)]

    def _files(self, settings: CorpusSettings) -> list[Path]:
        root = Path(settings.root)
        found = sorted(path.relative_to(root) for path in root.glob("Actor_[0-9][0-9]/[!.]*.wav"))
        require_labels(root, found, "Actor_01 to Actor_24 with *.wav")
        return found

    def _utterance(self, path: Path) -> dict[str, str]:
        row = {"utterance": path.stem, "path": path.as_posix(), "session": ""}
        match = NAME.fullmatch(path.stem)
        if match is None:
            nobody = {"speaker": path.parent.name, "gender": "", "emotion": ""}
            return row | nobody | {"reason": "its name is not one of RAVDESS's audio files"}
        return row | {
            "speaker": f"Actor_{match['actor']}",
            "gender": "M" if int(match["actor"]) % 2 else "F",
            "emotion": EMOTIONS[int(match["emotion"]) - 1],
            "reason": "a song; speech alone is used" if match["channel"] == "02" else "",
        }


CORPORA.add(Ravdess())
