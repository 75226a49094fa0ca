"""Who trains, validates and tests."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.base.errors import SettingsError
from sernas.settings.key import key


@dataclass(frozen=True)
class FoldSettings:
    """Who trains, validates and tests, and how utterances are cut for training."""

    scheme: str = key(
        "session",
        "who tests",
        values={"session": "one session", "speaker": "groups of speakers"},
        redoes="folds",
    )
    count: int = key(5, "number of sessions, or of groups", least=2, most=1000, redoes="folds")
    validation: str = key(
        "F",
        "in scheme `session`, who of the held-out session validates; the other tests",
        values={"F": "", "M": "", "both": "both ways, twice as many folds"},
        redoes="folds",
    )
    validation_speakers: int = key(
        1, "in scheme `speaker`, how many validate", least=1, redoes="folds"
    )
    segment_s: float = key(
        2.0,
        "training unit",
        more="At least 4 frames",
        unit="s",
        above=0,
        most=60,
        redoes="search, training",
    )
    overlap_s: float = key(
        0.0, "of successive segments", unit="s", least=0, redoes="search, training"
    )
    normalise: str = key(
        "bin",
        "zero mean and unit variance over the training speakers",
        values={"bin": "each its own", "global": ""},
        redoes="folds",
    )
    seed: int = key(1, "in scheme `speaker`, who is grouped with whom", least=0, redoes="folds")
    normalise_speakers: str = key(
        "none",
        "beyond the paper: zero mean, perhaps unit variance, over each speaker's own frames",
        more="Transductive: all audio of a test speaker is used, though no label. With `normalise: "
        "global` all bins share a speaker's mean and deviation",
        values={
            "none": "",
            "mean": "the speaker's own mean, and how the training speakers deviate from theirs",
            "mean_std": "the speaker's own mean and deviation",
        },
        redoes="folds",
    )
    tail: str = key(
        "pad",
        "beyond the paper unless `pad`: an utterance's last segment, where it would be shorter",
        more="An utterance that is shorter than a segment is one in any case; see `short`",
        values={
            "pad": "padded with zeros",
            "shift": "begins earlier, so as to end with the utterance",
            "drop": "left out",
        },
        redoes="search, training",
    )
    short: str = key(
        "pad",
        "beyond the paper unless `pad`: how an utterance that is shorter than a segment fills one",
        values={"pad": "with zeros", "repeat": "from its beginning again"},
        redoes="search, training",
    )
    inner: int = key(
        0,
        "in place of each fold, so many among the speakers who do not test in it, in groups that "
        "test in turn: to choose settings with, and not for them; 0: none",
        more="Beyond the paper",
        least=0,
        most=1000,
        redoes="folds",
    )

    def __post_init__(self):
        if self.overlap_s >= self.segment_s:
            raise SettingsError(
                f"folds.overlap_s is {self.overlap_s} s, which must be less than "
                f"folds.segment_s, {self.segment_s} s"
            )

    @property
    def numbers(self) -> range:
        """The folds' numbers, from 1; swapping both speakers of a session doubles them. Inner folds
        of one fold follow one another."""
        both = self.scheme == "session" and self.validation == "both"
        return range(1, self.count * (2 if both else 1) * (self.inner or 1) + 1)
