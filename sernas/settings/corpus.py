"""Which corpus is used, and how the demo corpus is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CorpusSettings:
    """Where the corpus is and what of it is used."""

    name: str
    root: str
    emotions: tuple[str, ...]
    manifest: str = "manifest.csv"
    on_bad_audio: str = "exclude"


@dataclass(frozen=True)
class DemoSettings:
    """How much synthetic speech the demo corpus holds, and how hard it is."""

    utterances_per_emotion: int
    seconds: tuple[float, float]
    difficulty: float
    seed: int
