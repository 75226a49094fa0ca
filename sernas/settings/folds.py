"""Who trains, validates and tests."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.base.errors import SettingsError


@dataclass(frozen=True)
class FoldSettings:
    """Who trains, validates and tests, and how utterances are cut for training."""

    scheme: str
    count: int
    validation: str
    validation_speakers: int
    segment_s: float
    overlap_s: float
    normalise: str
    seed: int

    def __post_init__(self):
        if self.overlap_s >= self.segment_s:
            raise SettingsError(
                f"folds.overlap_s is {self.overlap_s} s, which must be less than "
                f"folds.segment_s, {self.segment_s} s"
            )

    @property
    def numbers(self) -> range:
        """The folds' numbers, from 1; swapping both speakers of a session doubles them."""
        both = self.scheme == "session" and self.validation == "both"
        return range(1, self.count * (2 if both else 1) + 1)
