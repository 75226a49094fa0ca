"""Which corpus is used, and how the demo corpus is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sernas.settings.key import NAME, PATH, in_tuples, key

DEMO_ROOT = "resources/demo"
"""Where the demo corpus is generated."""


@dataclass(frozen=True)
class CorpusSettings:
    """Where the corpus is and what of it is used; whoever reads the configuration fills in the
    root of the demo corpus."""

    name: str = key(
        "demo",
        "kind of corpus",
        name="corpus",
        values="corpora",
        redoes="corpus",
    )
    root: str = key(
        None,
        "folder of the corpus; the demo corpus makes its own",
        name="corpus_root",
        form=PATH,
        redoes="corpus",
    )
    emotions: tuple[str, ...] = key(
        ("neutral", "angry", "happy", "sad"),
        "the classes, in the order of every table",
        more="Others are left out and listed",
        form=NAME,
        fewest=2,
        distinct=True,
        redoes="corpus",
    )
    subset: str | None = key(
        None,
        "beyond the paper: part of the corpus that is used, or `all`; `null`: its usual one",
        more="docs/corpora.md lists them",
        form=NAME,
        redoes="corpus",
    )
    merge: Mapping[str, str] = key(
        {},
        "beyond the paper: emotions that are taken for another before `emotions` selects",
        more="`{excited: happy}` with `subset: all` makes the 5531 utterances of IEMOCAP that most "
        "papers use. Once each: what is merged into is not merged again",
        form=NAME,
        redoes="corpus",
    )
    manifest: str = key(
        "manifest.csv",
        "for `corpus: manifest`, a CSV in `corpus_root` with path, speaker, emotion",
        more="docs/recordings.md has one",
        form=PATH,
        redoes="corpus",
    )
    on_bad_audio: str = key(
        "exclude",
        "what to do with missing, unreadable, silent or too short recordings",
        values={"exclude": "listed in excluded.csv", "fail": ""},
        redoes="corpus",
    )
    silence_db: float = key(
        -70,
        "a recording whose peak is no higher is silent, which is bad audio",
        more="The peak is of the channels' average, relative to full scale (dBFS), after any "
        "constant offset (DC) is taken away. Dither of 16 bits reaches -84",
        unit="dB",
        least=-200,
        most=0,
        redoes="corpus",
    )
    trim_db: float | None = key(
        None,
        "beyond the paper: silence at both ends of a recording is trimmed, which is so far below "
        "its loudest; `null`: nothing is",
        more="As `librosa.effects.trim` does with `top_db`, in frames of 128 ms every 32 ms, for "
        "every stream alike. What is left may be too short, which is bad audio",
        unit="dB",
        above=0,
        most=200,
        redoes="features",
    )
    most_left_out: float = key(
        0.5,
        "share of the wanted recordings that may be left out; more is an error",
        more="For their faults: what `on_bad_audio` says, or an emotion that is misspelt",
        least=0,
        most=1,
        redoes="corpus",
    )


@dataclass(frozen=True)
class DemoSettings:
    """How much synthetic speech the demo corpus holds, and how hard it is."""

    utterances_per_emotion: int = key(
        16,
        "of each speaker and emotion; one class has fewer",
        least=1,
        most=1000,
        redoes="demo corpus",
    )
    seconds: tuple[float, float] = key(
        (1.4, 2.1), "shortest and longest utterance", above=0.3, most=60, redoes="demo corpus"
    )
    difficulty: float = key(
        0.7,
        "0: emotions wide apart; larger: they overlap more",
        least=0,
        most=10,
        redoes="demo corpus",
    )
    seed: int = key(1, "of the synthetic speech", least=0, redoes="demo corpus")
    candidates: Mapping[str, tuple[str, ...]] = key(
        {
            "conv2d_1": ("2x8", "1x10", "3x5"),
            "conv2d_2": ("8x2", "10x1", "5x3"),
            "conv2d_3": ("5x5", "4x4", "6x4"),
            "conv2d_4": ("5x5", "4x4", "6x4"),
        },
        "of layers on this corpus, where `space.candidates` says nothing",
        more="Fewer than the paper's: path sampling does not train six each in some minutes",
        fewest=1,
        distinct=True,
        redoes="search",
    )

    def __post_init__(self):
        object.__setattr__(self, "candidates", in_tuples(self.candidates))
