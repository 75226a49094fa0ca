"""How fast a folder of recordings becomes a feature store, beside librosa written plainly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import librosa
import numpy as np
import pandas as pd
import soundfile
import soxr

from sernas.benchmarking.extraction import CPU, by_librosa
from sernas.benchmarking.options import Options
from sernas.benchmarking.speech import features, utterances
from sernas.benchmarking.timing import interleave, table
from sernas.corpora.demo_speech import SAMPLE_RATE
from sernas.features.extract import extract
from sernas.settings.features import FeatureSettings

SECONDS = (4.0,) * 16


def measure(
    options: Options, seconds: Sequence[float] = SECONDS, n_bins: int = 4096
) -> pd.DataFrame:
    """WAV files, every other of 44.1 kHz and stereo, to the paper's features in HDF5."""
    settings = features(n_bins)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        manifest = write_recordings(root, seconds)
        ours = partial(extract, manifest, root, root / "ours.h5", settings, "fail", progress=False)
        calls = {
            "librosa": lambda: by_hand(manifest, root, root / "theirs.h5", settings),
            "sernas": partial(ours, threads=1),
        }
        if options.cores > 1:
            calls[f"sernas, {options.cores} threads"] = partial(ours, threads=options.cores)
        label = f"{n_bins} bins, {len(manifest)} files of {seconds[0]:g} s"
        times = interleave(calls, options.rounds, label=f"extraction end to end, {label}")
    made = table(
        "extraction_end_to_end",
        label,
        times,
        "x real time",
        "librosa",
        inverse=True,
        scale=sum(seconds),
        device=CPU,
        threads=1,
    )
    made.loc[made["variant"].str.endswith("threads"), "threads"] = options.cores
    return made


def write_recordings(root: Path, seconds: Sequence[float]) -> pd.DataFrame:
    """Their manifest."""
    rows = []
    for i, y in enumerate(utterances(seconds)):
        rate = SAMPLE_RATE
        if i % 2:
            rate = 44100
            y = np.stack([soxr.resample(y, SAMPLE_RATE, rate)] * 2, 1)
        soundfile.write(root / f"{i}.wav", y, rate, subtype="PCM_16")
        rows.append((f"u{i}", f"{i}.wav", f"s{i % 4}", "1", "F", "neutral"))
    columns = ["utterance", "path", "speaker", "session", "gender", "emotion"]
    return pd.DataFrame(rows, columns=columns)


def by_hand(manifest: pd.DataFrame, root: Path, out: Path, settings: FeatureSettings) -> None:
    """A data set of log magnitudes (T, F) in half precision for each file."""
    with h5py.File(out, "w") as file:
        for row in manifest.itertuples():
            y, _ = librosa.load(root / row.path, sr=settings.sample_rate)
            frames = np.log(np.maximum(by_librosa(y, settings), settings.log_floor))
            file[row.utterance] = frames.T.astype(np.float16)
