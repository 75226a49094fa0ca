"""One fold, opened: its split checked again, its statistics, and the data of each role."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sernas.base.errors import FoldError
from sernas.features.store import FeatureStore
from sernas.folds.checks import ROLES, require_role
from sernas.folds.segments import SegmentData, UtteranceData
from sernas.folds.shared_utterances import shared_utterances
from sernas.folds.split import read_split
from sernas.folds.statistics import Statistics, training_statistics
from sernas.settings.folds import FoldSettings


class Fold:
    """The data of one fold, read from stores as its split and statistics say.

    Args:
        stores: one for each stream of features that a network takes.
        split: the file that says who has which role.
        statistics: a file for each store.

    Raises:
        FoldError: the split leaks, statistics are not those of its training speakers, or the stores
            are not of the same recordings.
    """

    def __init__(
        self,
        stores: Sequence[FeatureStore],
        split: Path,
        statistics: Sequence[Path],
        settings: FoldSettings,
        emotions: tuple[str, ...],
    ):
        self.stores = tuple(stores)
        self.settings = settings
        self.emotions = emotions
        self.split = read_split(split, emotions)
        self.statistics = tuple(map(Statistics.load, statistics))
        training = set(self.split.query("role == 'train'").speaker)
        for store, path, found in zip(self.stores, statistics, self.statistics, strict=True):
            if set(found.speakers) != training:
                raise FoldError(
                    f"{path}: made from the speakers {', '.join(found.speakers)}, but "
                    f"{split} trains on {', '.join(sorted(training))}; delete both files and run "
                    "again"
                )
            how = settings.normalise, settings.normalise_speakers
            if not found.agree_with(training_statistics(store, self.split, *how)):
                raise FoldError(
                    f"{path}: expected mean and std of the training speakers' frames in "
                    f"{store.path}, found others; delete the file and run again"
                )
        shared_utterances(self.stores)

    @property
    def inputs(self) -> tuple[tuple[int, int], ...]:
        """(channels, bins) of each stream."""
        return tuple(store.settings.size for store in self.stores)

    def identity(self) -> str:
        """A digest of all that the data of this fold follow from."""
        speakers = sorted(self.speakers(*ROLES))
        parts = [
            self.split.to_csv(index=False),
            *(repr(part) for part in (self.settings, self.emotions)),
        ]
        for store in self.stores:
            parts += [
                store.index.to_csv(index=False),
                repr(store.settings),
                *(repr(store.moments(speaker).mean.tolist()) for speaker in speakers),
            ]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

    def speakers(self, *roles: str) -> tuple[str, ...]:
        """The speakers of some roles."""
        return tuple(sorted(set(self.split["speaker"][self.split["role"].isin(roles)])))

    def with_validation(self) -> Fold:
        """The same with no validation speakers: they train too. The statistics stay those of the
        others, by which the test speakers' frames are normalised too."""
        fold = copy.copy(self)
        fold.split = self.split.assign(role=self.split["role"].replace("validation", "train"))
        return fold

    def segments(self, role: str) -> SegmentData:
        """The training units of a role, which is never test."""
        require_role(role, ("train", "validation"))
        return SegmentData(
            self.stores, self.split, role, self.statistics, self.settings, self.emotions
        )

    def utterances(self, role: str) -> UtteranceData:
        """The whole utterances of a role."""
        return UtteranceData(
            self.stores, self.split, role, self.statistics, self.settings, self.emotions
        )


@contextmanager
def open_folds(
    stores: Sequence[str | Path],
    splits: Sequence[str | Path],
    statistics: Sequence[str | Path],
    settings: FoldSettings,
    emotions: Sequence[str],
) -> Iterator[Iterator[Fold]]:
    """The folds of some files, opened one after the other when they are asked for.

    Args:
        stores: a file for each stream.
        splits: a file for each fold.
        statistics: of the first fold a file for each stream, then of the next fold.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(FeatureStore(path)) for path in stores]
        of_folds = zip(*[iter(map(Path, statistics))] * len(opened), strict=True)
        yield (
            Fold(opened, Path(split), of_fold, settings, tuple(emotions))
            for split, of_fold in zip(splits, of_folds, strict=True)
        )
