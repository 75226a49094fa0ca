"""One fold, opened: its split checked again, its statistics, and the data of each role."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sernas.errors import FoldError
from sernas.features.store import FeatureStore
from sernas.folds.checks import ROLES, require_role
from sernas.folds.segments import SegmentData, UtteranceData
from sernas.folds.split import read_split
from sernas.folds.statistics import Statistics, training_statistics
from sernas.settings import FoldSettings


class Fold:
    """The data of one fold, read from a store as its split and statistics say.

    Raises:
        FoldError: the split leaks, or the statistics are not those of its training speakers.
    """

    def __init__(
        self,
        store: FeatureStore,
        split: Path,
        statistics: Path,
        settings: FoldSettings,
        emotions: tuple[str, ...],
    ):
        self.store = store
        self.settings = settings
        self.emotions = emotions
        self.split = read_split(split, emotions)
        self.statistics = Statistics.load(statistics)
        training = set(self.split.query("role == 'train'").speaker)
        if set(self.statistics.speakers) != training:
            raise FoldError(
                f"{statistics}: made from the speakers {', '.join(self.statistics.speakers)}, but "
                f"{split} trains on {', '.join(sorted(training))}; delete both files and run again"
            )
        if not self.statistics.agree_with(
            training_statistics(store, self.split, settings.normalise)
        ):
            raise FoldError(
                f"{statistics}: expected mean and std of the training speakers' frames in "
                f"{store.path}, found others; delete the file and run again"
            )

    def identity(self) -> str:
        """A digest of all that the data of this fold follow from."""
        parts = [
            self.split.to_csv(index=False),
            self.store.index.to_csv(index=False),
            *(repr(part) for part in (self.store.settings, self.settings, self.emotions)),
            *(repr(self.store.moments(s).mean.tolist()) for s in sorted(self.speakers(*ROLES))),
        ]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

    def speakers(self, *roles: str) -> tuple[str, ...]:
        """The speakers of some roles."""
        return tuple(sorted(set(self.split["speaker"][self.split["role"].isin(roles)])))

    def segments(self, role: str) -> SegmentData:
        """The 2-s training units of a role, which is never test."""
        require_role(role, ("train", "validation"))
        return SegmentData(
            self.store, self.split, role, self.statistics, self.settings, self.emotions
        )

    def utterances(self, role: str) -> UtteranceData:
        """The whole utterances of a role."""
        return UtteranceData(self.store, self.split, role, self.statistics, self.emotions)
