"""Who speaks, and with which emotions: all that the roles of a split follow from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Cast:
    """The speakers of some utterances.

    Attributes:
        rows: the utterances, with the columns ``speaker`` and ``emotion`` at least.
        emotions: those that the networks are to tell apart.
    """

    rows: pd.DataFrame
    emotions: tuple[str, ...]

    @cached_property
    def heard(self) -> Mapping[str, frozenset[str]]:
        """The emotions of each speaker; the speakers are sorted."""
        pairs = self.rows[["speaker", "emotion"]].drop_duplicates().itertuples(index=False)
        heard: dict[str, set[str]] = {}
        for speaker, emotion in pairs:
            heard.setdefault(speaker, set()).add(emotion)
        return {speaker: frozenset(heard[speaker]) for speaker in sorted(heard)}

    def lacks(self, speakers: Iterable[str]) -> list[str]:
        """The emotions that none of these speakers has an utterance of."""
        found = frozenset().union(*(self.heard[speaker] for speaker in speakers))
        return [emotion for emotion in self.emotions if emotion not in found]

    def scarce(self, speakers: Iterable[str], least: int) -> dict[str, int]:
        """The emotions that fewer than ``least`` of these speakers have, and how many have them."""
        having = Counter(emotion for speaker in speakers for emotion in self.heard[speaker])
        return {emotion: having[emotion] for emotion in self.emotions if having[emotion] < least}

    def besides(self, speakers: Iterable[str]) -> Cast:
        """The same, were these speakers not there."""
        return Cast(self.rows[~self.rows["speaker"].isin(set(speakers))], self.emotions)

    def without(self, emotions: Iterable[str]) -> Cast:
        """The same, had the configuration not these emotions."""
        left_out = set(emotions)
        return Cast(
            self.rows[~self.rows["emotion"].isin(left_out)],
            tuple(emotion for emotion in self.emotions if emotion not in left_out),
        )
