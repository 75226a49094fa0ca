"""What reading a batch costs beside the training step, from stored features and from waveforms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pandas as pd
import torch
from torch.testing import assert_close

from sernas.benchmarking.demo_data import EMOTIONS, FOLDS, demo_data
from sernas.benchmarking.options import Options
from sernas.benchmarking.speech import features
from sernas.benchmarking.steps import SYSTEM, PlainStep, Size
from sernas.benchmarking.timing import interleave, table
from sernas.benchmarking.waveforms import WaveformSegments
from sernas.folds.segments import SegmentData
from sernas.folds.statistics import training_statistics
from sernas.models import build_system
from sernas.settings.corpus import DemoSettings

SIZES = (Size(256, 16), Size(4096, 2))
DEMO = DemoSettings(utterances_per_emotion=1, seconds=(2.5, 4.0), difficulty=0.5, seed=1)


def measure(options: Options, sizes: Sequence[Size] = SIZES) -> pd.DataFrame:
    """A plain step; and its batch drawn at random from the store, and made anew from waveforms.

    Both are in the page cache: a disk's time is not counted.
    """
    tables = []
    for size in sizes:
        with opened(size.bins) as (cached, waveform):
            few = range(min(8, len(cached)))
            assert_close(waveform.batch(few)[0], cached.batch(few)[0], rtol=0, atol=0.05)
            cached.to(options.device)
            step = PlainStep(build_system(SYSTEM, n_bins=size.bins), size, options.device)
            calls = {
                "step": step,
                "cached": at_random(cached, size.batch, options.device),
                "waveform": at_random(waveform, size.batch, options.device),
            }
            label = f"segment_reading, {size}"
            times = interleave(calls, options.rounds, device=options.device, label=label)
        tables.append(
            table(
                "segment_reading",
                str(size),
                times,
                "ms",
                "step",
                device=options.device,
                threads=options.threads,
            )
        )
    return pd.concat(tables, ignore_index=True)


@contextmanager
def opened(n_bins: int) -> Iterator[tuple[SegmentData, WaveformSegments]]:
    """The training segments of a demo corpus, from a store and from waveforms."""
    with demo_data(DEMO, features(n_bins)) as data:
        statistics = training_statistics(data.store, data.split, FOLDS.normalise)
        arguments = ((data.store,), data.split, "train", (statistics,), FOLDS, EMOTIONS)
        paths = {row.utterance: data.root / row.path for row in data.manifest.itertuples()}
        yield SegmentData(*arguments), WaveformSegments(paths, data.folder, *arguments)


def at_random(
    data: SegmentData | WaveformSegments, batch: int, device: torch.device
) -> Callable[[], object]:
    """Reads another batch at each call, which lies on the device in the end."""
    generator = torch.Generator().manual_seed(0)

    def call() -> torch.Tensor:
        indices = torch.randint(len(data), (batch,), generator=generator).tolist()
        return data.batch(indices)[0].to(device)

    return call
