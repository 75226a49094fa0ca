"""What it costs that a run can be taken up again after any epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from sernas.benchmarking.demo_data import EMOTIONS, FOLDS, demo_data
from sernas.benchmarking.options import Options
from sernas.benchmarking.speech import features
from sernas.benchmarking.steps import SEARCH, SYSTEM, Size, optimisation_of
from sernas.benchmarking.timing import interleave, table
from sernas.folds.fold import Fold
from sernas.folds.split import write_split
from sernas.folds.statistics import training_statistics
from sernas.search.supernet_search import Search
from sernas.settings.corpus import DemoSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import TrainingSettings
from sernas.systems.card import search_space
from sernas.training.checkpoint import Checkpoint
from sernas.training.from_scratch import Training
from sernas.training.resumable import Run

# the demo's, with half of its utterances an epoch; and a larger one
SIZES = (Size(32, 8, frames=80), Size(256, 16))
DEMO = DemoSettings(utterances_per_emotion=8, seconds=(1.4, 2.0), difficulty=0.5, seed=1)


def measure(
    options: Options, sizes: Sequence[Size] = SIZES, demo: DemoSettings = DEMO
) -> pd.DataFrame:
    """An epoch of training and of joint search, and the checkpoint that ends it."""
    tables = []
    for size in sizes:
        with opened(size, demo) as fold, TemporaryDirectory() as folder:
            for kind, make in variants(fold, size, options).items():
                calls = calls_of(make(), Checkpoint(Path(folder, kind), kind))
                label = f"{size}, {kind}"
                times = interleave(calls, options.rounds, device=options.device, label=label)
                tables.append(table("checkpoints", label, times, "ms", "epoch", **options.place))
    return pd.concat(tables, ignore_index=True)


def calls_of(run: Run, checkpoint: Checkpoint) -> dict[str, Callable[[], object]]:
    """One more epoch, and keeping its state, as :meth:`Run.complete` has them in turn."""

    def epoch() -> None:
        run.history.append(run.epoch())
        run.order.end_epoch()

    return {"epoch": epoch, "checkpoint": lambda: checkpoint.save(run.state())}


def variants(fold: Fold, size: Size, options: Options) -> dict[str, Callable[[], Run]]:
    """What makes a training and a search that were not begun."""
    optimisation = optimisation_of(size)
    space, baseline, many = SpaceSettings(), search_space(SYSTEM).baseline, 10**6
    common = (optimisation, space, 0, options.device)

    def training() -> Training:
        return Training(SYSTEM, baseline, fold, TrainingSettings(many), *common)

    def search() -> Search:
        settings = replace(SEARCH, epochs=many)
        arguments = (optimisation, settings, space, 0, baseline, options.device)
        return Search("joint", SYSTEM, fold, *arguments)

    return {"training": training, "search": search}


@contextmanager
def opened(size: Size, demo: DemoSettings) -> Iterator[Fold]:
    """Fold 1 of a demo corpus, with features of this size."""
    hop_ms = 1000 * FOLDS.segment_s / size.frames
    settings = replace(features(), n_mels=size.bins, hop_ms=hop_ms)
    with demo_data(demo, settings) as data:
        split, statistics = data.folder / "fold.csv", data.folder / "fold.npz"
        write_split(data.split, split)
        training_statistics(data.store, data.split, FOLDS.normalise).save(statistics)
        yield Fold((data.store,), split, (statistics,), FOLDS, EMOTIONS)
