"""The demo corpus: synthetic speech of ten speakers, in IEMOCAP's own layout."""

from __future__ import annotations

import math
from pathlib import Path

from sernas.base.errors import CorpusError
from sernas.base.files import atomic
from sernas.corpora.demo_speech import SAMPLE_RATE, synthesise
from sernas.corpora.demo_styles import draw_style, draw_voice, random_stream
from sernas.settings.corpus import DemoSettings

MARKER = "DEMO_CORPUS.txt"
MINORITY, MINORITY_SHARE = "hap", 0.6  # so that WA and UA differ
_README = """This folder holds synthetic sounds in the layout of the IEMOCAP corpus, made by sernas.
No person speaks here. It is made anew, and everything in it replaced, whenever its settings change.
"""
_VAD = {"neu": (2.5, 2.5), "ang": (1.5, 4.0), "hap": (4.0, 3.5), "sad": (2.0, 2.0)}
_VAD |= {"exc": (4.5, 4.5), "fru": (2.0, 3.5), "xxx": (2.5, 3.0)}
_ANNOTATED = {"neu": "Neutral", "ang": "Anger", "hap": "Happiness", "sad": "Sadness"}
_ANNOTATED |= {"exc": "Excited", "fru": "Frustration", "xxx": "Other"}


def make_demo_corpus(root: Path, settings: DemoSettings) -> None:
    """Write the demo corpus to ``root``, the same bytes for the same settings.

    Per speaker it has ``settings.utterances_per_emotion`` neutral, angry and sad utterances, 0.6
    times as many happy ones, and a few others that the protocol leaves out. Raises CorpusError if
    ``root`` holds anything but an earlier demo corpus, DiskFullError if it has no room.
    """
    root = Path(root).resolve()
    if root.exists() and not (root / MARKER).is_file() and not _is_empty_folder(root):
        raise CorpusError(
            f"{root} is in the way of the demo corpus: expected nothing or an earlier demo corpus "
            f"there, found no {MARKER}; move or remove that folder"
        )
    with atomic(root) as made:
        for session in range(1, 6):
            _write_session(made, session, settings)
        (made / MARKER).write_text(_README, encoding="utf-8")


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _write_session(root: Path, session: int, settings: DemoSettings) -> None:
    voices = {
        gender: draw_voice(gender, random_stream(settings.seed, f"Ses0{session}{gender}"))
        for gender in "FM"
    }
    for dialog, codes in _dialogs(session, settings.utterances_per_emotion).items():
        wavs = root / f"Session{session}/sentences/wav" / dialog
        wavs.mkdir(parents=True)
        seconds = {}
        for utterance, code in codes.items():
            rng = random_stream(settings.seed, utterance)
            seconds[utterance] = rng.uniform(*settings.seconds)
            gender = utterance.split("_")[-1][0]
            style = draw_style(code, voices[gender], settings.difficulty, rng)
            _write_wav(wavs / f"{utterance}.wav", synthesise(seconds[utterance], style, rng))
        labels = root / f"Session{session}/dialog/EmoEvaluation/{dialog}.txt"
        labels.parent.mkdir(parents=True, exist_ok=True)
        labels.write_text(_label_text(codes, seconds), encoding="utf-8")
    # As the release has them: the resource fork that a Mac leaves beside a file.
    (labels.parent / f"._{labels.name}").write_bytes(b"\x00\x05\x16\x07\x00\x02\xff\xfe")


def _write_wav(path: Path, samples) -> None:
    import soundfile

    soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")


def _dialogs(session: int, count: int) -> dict[str, dict[str, str]]:
    """Dialog -> utterance -> emotion. The n-th dialog has the n-th utterance of each emotion.

    An utterance keeps its name whatever ``count`` is, and a turn's number tells no emotion.
    """
    turns = ["neu", "ang", "hap", "sad"]
    dialogs = {f"Ses0{session}F_script01_1": ["neu", "sad"], f"Ses0{session}M_script01_1b": ["ang"]}
    for n in range(count):
        codes = turns[n % 4 :] + turns[: n % 4]
        if math.ceil(MINORITY_SHARE * (n + 1)) == math.ceil(MINORITY_SHARE * n):
            codes.remove(MINORITY)
        if n % 3 == 0:
            codes.append(["exc", "fru", "xxx"][n // 3 % 3])
        dialogs[f"Ses0{session}{'FM'[n % 2]}_impro{n // 2 + 1:02d}"] = codes
    return {
        dialog: {
            f"{dialog}_{gender}{turn:03d}": code
            for turn, code in enumerate(codes)
            for gender in "FM"
        }
        for dialog, codes in dialogs.items()
    }


def _label_text(codes: dict[str, str], seconds: dict[str, float]) -> str:
    lines = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", ""]
    start = 1.0
    for utterance, code in codes.items():
        end = start + seconds[utterance]
        valence, activation = _VAD[code]
        vad = f"[{valence:.4f}, {activation:.4f}, {activation:.4f}]"
        lines.append(f"[{start:.4f} - {end:.4f}]\t{utterance}\t{code}\t{vad}")
        lines += [f"C-E{n}:\t{_ANNOTATED[code]};\t()" for n in (2, 3)]
        levels = f"val {valence:.0f}; act {activation:.0f}; dom  {activation:.0f};"
        lines += [f"A-E{n}:\t{levels}\t()" for n in (3, 4)] + [""]
        start = end + 0.5
    return "\n".join(lines)
