"""One fold, opened: its split checked again, its statistics, and the data of each role."""

from __future__ import annotations

from pathlib import Path

from sernas.errors import FoldError
from sernas.features.store import FeatureStore
from sernas.folds.segments import SegmentData, UtteranceData
from sernas.folds.split import read_split
from sernas.folds.statistics import Statistics
from sernas.settings import FoldSettings


class Fold:
    """The data of one fold, read from a store as its split and statistics say.

    Raises:
        FoldError: the split leaks, or the statistics were not made from its training speakers.
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

    def segments(self, role: str) -> SegmentData:
        """The 2-s training units of a role."""
        return SegmentData(
            self.store, self.split, role, self.statistics, self.settings, self.emotions
        )

    def utterances(self, role: str) -> UtteranceData:
        """The whole utterances of a role."""
        return UtteranceData(self.store, self.split, role, self.statistics, self.emotions)
