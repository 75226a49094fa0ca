"""Extraction: every utterance of a manifest through the spectrogram into the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from sernas.audio.reading import audio_length, read_audio
from sernas.base.checksum import file_checksum
from sernas.base.errors import AudioError
from sernas.base.parallel import in_order
from sernas.features.excluded import Excluded, too_short
from sernas.features.limits import LEAST_FRAMES
from sernas.features.moments import Moments
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import TEXT
from sernas.features.writer import open_writer
from sernas.settings.features import FeatureSettings


class _Features(NamedTuple):
    frames: np.ndarray
    moments: Moments
    seconds: float
    sha256: str  # of the audio file


def extract(
    manifest: pd.DataFrame,
    root: Path,
    out: Path,
    settings: FeatureSettings,
    on_bad_audio: str,
    threads: int = 1,
    progress: bool = True,
) -> pd.DataFrame:
    """Write the features of every utterance in ``manifest`` to the store ``out``, in its order.

    ``manifest`` has columns ``utterance,path,speaker,session,gender,emotion``; paths are relative
    to ``root``. At most ``2 * threads`` utterances are held in memory, and the store is the same
    whatever ``threads``. Audio that cannot be used is left out (``on_bad_audio`` "exclude") or ends
    the extraction with its :class:`AudioError` ("fail"); so does having no utterance left. Returns
    the excluded utterances: ``utterance,path,speaker,emotion,reason``.
    """
    spectrogram = Spectrogram(settings)
    paths = [Path(root) / path for path in manifest["path"]]
    rows = manifest.to_dict("records")
    excluded = Excluded(root, on_bad_audio)
    with (
        open_writer(Path(out), sum(_frames(path, settings) for path in paths), settings) as writer,
        _one_torch_thread(),
    ):
        results = in_order(lambda path: _features(path, spectrogram), paths, threads)
        bar = tqdm(results, "features", len(rows), unit="utterance", disable=not progress)
        for row, features in zip(rows, bar, strict=True):
            if isinstance(features, AudioError):
                excluded.add(row, features)
            else:
                writer.append(*features, **{column: row[column] for column in TEXT})
        excluded.require_some_left(len(rows))
    return excluded.table()


def _frames(path: Path, settings: FeatureSettings) -> int:
    """Frames that a file will have, by its header; 0 if it cannot be opened."""
    try:
        return 1 + audio_length(path, settings.sample_rate) // settings.hop
    except AudioError:
        return 0


def _features(path: Path, spectrogram: Spectrogram) -> _Features | AudioError:
    """The features of one file, or why there are none."""
    try:
        audio = read_audio(path, spectrogram.settings.sample_rate)
    except AudioError as error:
        return error
    try:
        wide = spectrogram(audio)
    except AudioError as error:
        return AudioError(f"{path}: {error}")
    if len(wide) < LEAST_FRAMES:
        return too_short(path, len(wide), len(audio))
    peak = np.abs(wide).max()  # NaN if there is one
    if not peak <= np.finfo(np.float16).max:
        return AudioError(
            f"{path}: expected magnitudes that half precision holds (up to 65504), found "
            f"{peak:g}; scale the samples to -1..1"
        )
    frames = torch.from_numpy(wide).half()  # several times as fast as numpy's
    seconds = len(audio) / spectrogram.settings.sample_rate
    moments = Moments.of(frames.float().numpy())
    return _Features(frames.numpy(), moments, seconds, file_checksum(path))


@contextmanager
def _one_torch_thread() -> Iterator[None]:
    """The pool is the parallelism; threads within an operation would only compete with it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
