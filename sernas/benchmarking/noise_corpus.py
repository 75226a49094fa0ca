"""Noise in the place of IEMOCAP: its speakers, emotions and lengths, for loops that need a fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sernas.corpora.parsers.iemocap_counts import published_counts
from sernas.features.moments import Moments
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.folds.fold import Fold
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import training_statistics
from sernas.settings.configuration import Configuration
from sernas.settings.features import FeatureSettings

SECONDS = (2.0, 7.0)
"""Shortest and longest utterance, drawn uniformly: 4.5 s on average, as IEMOCAP's turns (Busso et
al. 2008)."""


@contextmanager
def noise_folds(
    settings: Configuration, share: float, numbers: Iterable[int] = (1,)
) -> Iterator[list[Fold]]:
    """Folds of a corpus that has this share of IEMOCAP's utterances, with features as ``settings``
    say; removed in the end."""
    emotions, folds = settings.corpus.emotions, settings.folds
    with TemporaryDirectory() as name:
        path = Path(name, "noise.h5")
        write_noise(path, settings.features, share, emotions)
        with FeatureStore(path) as store:
            splits = make_folds(store.index, folds, emotions)
            how = folds.normalise, folds.normalise_speakers
            opened = []
            for number in numbers:
                split, statistics = (Path(name, f"{number}.{kind}") for kind in ("csv", "npz"))
                write_split(splits[number], split)
                training_statistics(store, splits[number], *how).save(statistics)
                opened.append(Fold((store,), split, (statistics,), folds, emotions))
            yield opened


def write_noise(
    path: Path, settings: FeatureSettings, share: float, emotions: tuple[str, ...]
) -> None:
    """A store with this share of each speaker's utterances of ``emotions``, at least one of each.

    The frames are stretches of one block of noise: drawing them takes longer than training.
    """
    rng = np.random.default_rng(0)
    shortest, longest = map(settings.frames, SECONDS)
    noise = rng.standard_normal((2 * longest, *settings.frame_shape), np.float32)
    noise = noise.astype(np.float16)
    cells = {cell: max(1, round(share * n)) for cell, n in counts(emotions).items()}
    with open_writer(path, sum(cells.values()) * longest, settings) as writer:
        for (speaker, emotion), n in cells.items():
            labels = {"speaker": speaker, "session": speaker[3:5], "gender": speaker[5]}
            for number in range(n):
                frames = int(rng.integers(shortest, longest, endpoint=True))
                part = noise[(start := int(rng.integers(longest))) : start + frames]
                labels |= {"emotion": emotion, "utterance": f"{speaker}_{emotion}_{number}"}
                seconds = frames * settings.hop_ms / 1000
                writer.append(part, Moments.of(part), seconds, "noise", **labels)


def counts(emotions: tuple[str, ...]) -> dict[tuple[str, str], int]:
    """IEMOCAP's improvised utterances of some emotions, by (speaker, emotion)."""
    return {cell: n for cell, n in published_counts().items() if cell[1] in emotions}
