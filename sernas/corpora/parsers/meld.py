"""MELD (Poria et al. 2019): English from a television series."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from sernas.base.errors import CorpusError
from sernas.corpora.corpus import Row
from sernas.corpora.emotions import common
from sernas.corpora.label_files import find_labels, read_csv, shown
from sernas.corpora.named_files import files_under
from sernas.corpora.names import canonical
from sernas.corpora.published import ALL
from sernas.corpora.registry import CORPORA, CorpusParser
from sernas.settings.corpus import CorpusSettings

COLUMNS = ("Speaker", "Emotion", "Dialogue_ID", "Utterance_ID")
FOLDERS = {
    "train": "train_splits",
    "dev": "dev_splits_complete",
    "test": "output_repeated_splits_test",
}
"""The release's, of films, by part."""
SEVERAL = "several speakers at once, of whom each would train and test"

_SEVERAL = re.compile(r"all|both|every\w+|.*(?:\band\b|[&/,]).*", re.IGNORECASE)
_FILE = re.compile(r"(?:final_videos_test)?(?P<name>dia\d+_utt\d+)", re.ASCII)


class Meld(CorpusParser):
    """``train_sent_emo.csv``, ``dev_sent_emo.csv`` and ``test_sent_emo.csv``, and for each part a
    folder with its sound, ``dia0_utt0.wav``, which is to be taken from the films (mp4) before.

    An utterance of several speakers is left out: each would train and test. One ID in two parts is
    two utterances. Where the test part has a ``final_videos_test...``, that is the corrected one.
    """

    name = "meld"
    about = "a television series; without utterances of several speakers; extract the sound first"
    emotions = common("neutral", "anger", "joy", "sadness", "fear", "disgust", "surprise")
    subsets = (ALL, *FOLDERS)
    language = "English"
    licence = "GPL 3.0"
    size_gb = 10.1
    url = "https://affective-meld.github.io/"

    def label_files(self, settings: CorpusSettings) -> list[str]:
        """Those of its three that are there, or in a folder of their part."""
        names = [f"{part}_sent_emo.csv" for part in FOLDERS]
        inner = [f"{part}/{name}" for part, name in zip(FOLDERS, names, strict=True)]
        found = find_labels(settings.root, [*inner, *names], f"MELD's {', '.join(names)}")
        by_name = {Path(path).name: path for path in found}
        return [by_name[name] for name in names if name in by_name]

    def labelled(self, settings: CorpusSettings) -> list[Row]:
        """Their rows."""
        audio = _recordings(settings.root)
        rows: dict[str, Row] = {}
        speakers: dict[str, str] = {}
        for path in map(Path, self.label_files(settings)):
            part = path.name.partition("_")[0]
            for line, cells in read_csv(path, COLUMNS):
                where = f"{path}, line {line}"
                name = f"dia{cells['Dialogue_ID']}_utt{cells['Utterance_ID']}"
                utterance, speaker = f"{part}_{name}", cells["Speaker"].strip()
                known = cells["Emotion"] in self.emotions
                if not (known and speaker and _FILE.fullmatch(name)) or utterance in rows:
                    raise CorpusError(
                        f"{where}: expected an utterance once, its speaker and one of the emotions "
                        f"{', '.join(self.emotions)}, found {name}, '{shown(speaker)}' and "
                        f"'{shown(cells['Emotion'])}'; restore the file from the release"
                    )
                rows[utterance] = {
                    "utterance": utterance,
                    "path": audio.get((part, name), f"{FOLDERS[part]}/{name}.wav"),
                    "speaker": speakers.setdefault(canonical(speaker), speaker),
                    "session": "",
                    "gender": "",
                    "emotion": self.emotions[cells["Emotion"]],
                    "subset": part,
                    "reason": SEVERAL if _SEVERAL.fullmatch(speaker) else "",
                    "where": where,
                }
        return list(rows.values())


CORPORA.add(Meld())


def _recordings(root: str) -> dict[tuple[str, str], str]:
    """Paths by part and utterance; of a film alone, what its sound would be called."""
    found: dict[tuple[str, str], str] = {}
    files = [PurePosixPath(path) for path in files_under(root, (".wav", ".flac", ".mp4"))]
    for path in sorted(files, key=lambda path: (path.suffix == ".mp4", "final_" not in path.stem)):
        match = _FILE.fullmatch(path.stem)
        parts = re.findall("train|dev|test", path.parent.as_posix())
        if match and parts:
            sound = path.with_suffix(".wav") if path.suffix == ".mp4" else path
            found.setdefault((parts[-1], match["name"]), sound.as_posix())
    return found
