"""Extraction: every utterance of a manifest through the spectrogram into the store."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from sernas.audio.reading import audio_blocks, audio_length
from sernas.base.checksum import file_checksum
from sernas.base.errors import AudioError
from sernas.base.parallel import in_order
from sernas.features.excluded import Excluded, trimmed
from sernas.features.limits import require_frames
from sernas.features.moments import Moments
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import TEXT
from sernas.features.writer import open_writer
from sernas.settings.features import FeatureSettings

_PART = 2**25  # values of frames that are held as one, 64 MB; of samples half as many


class _Features(NamedTuple):
    parts: Iterable[tuple[np.ndarray, Moments]]  # of the frames
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
    silence_db: float = -math.inf,
    trim_db: float | None = None,
) -> pd.DataFrame:
    """Write the features of every utterance in ``manifest`` to the store ``out``, in its order.

    ``manifest`` has columns ``utterance,path,speaker,session,gender,emotion``; paths are relative
    to ``root``. At most ``4 * threads`` parts of 64 MB are held in memory, however long an
    utterance is, and the store is the same whatever ``threads``. Audio that cannot be used, as that
    which is no louder than ``silence_db`` dBFS, is left out (``on_bad_audio`` "exclude") or ends
    the extraction with its :class:`AudioError` ("fail"); so does having no utterance left.
    ``trim_db`` is as of :func:`~sernas.audio.reading.read_audio`. Returns the excluded utterances:
    ``utterance,path,speaker,emotion,reason``.
    """
    paths = [Path(root) / path for path in manifest["path"]]
    rows = manifest.to_dict("records")
    excluded = Excluded(root, on_bad_audio)
    capacity = sum(in_order(lambda path: _most_frames(path, settings), paths, threads))
    features_of = partial(
        _features,
        spectrogram=Spectrogram(settings),
        silence_db=silence_db,
        trim_db=trim_db,
        threads=threads,
    )
    with open_writer(Path(out), capacity, settings) as writer, _one_torch_thread():
        results = in_order(features_of, paths, threads)
        bar = tqdm(results, "features", len(rows), unit="utterance", disable=not progress)
        for row, features in zip(rows, bar, strict=True):
            try:
                if isinstance(features, AudioError):
                    raise features
                writer.append_parts(*features, **{column: row[column] for column in TEXT})
            except AudioError as error:
                excluded.add(row, error)
        excluded.require_some_left(len(rows))
    return excluded.table()


def _most_frames(path: Path, settings: FeatureSettings) -> int:
    """Frames that a file may have, by its header if that counts them; 0 if it cannot be opened."""
    try:
        return 1 + audio_length(path, settings.sample_rate) // settings.hop
    except AudioError:
        return 0


def _features(
    path: Path, spectrogram: Spectrogram, silence_db: float, trim_db: float | None, threads: int
) -> _Features | AudioError:
    """The features of one file, or why there are none.

    Those of a long one are worked out when they are asked for, on so many threads.
    """
    s = spectrogram.settings
    most = max(1, min(_PART // s.n_bins, _PART // (2 * s.hop)))

    def spans() -> Iterator[np.ndarray]:
        return spectrogram.spans(audio_blocks(path, s.sample_rate, silence_db, trim_db), most)

    half = partial(_half, path, spectrogram)
    try:
        for number, span in enumerate(spans()):  # noqa: B007 - to the end: all of it is checked
            pass
        samples = number * most * s.hop + len(span) - s.window_length
        require_frames(trimmed(path, trim_db), samples, s)
        parts = in_order(half, spans(), threads) if number else [half(span)]
    except AudioError as error:
        return error
    return _Features(parts, samples / s.sample_rate, file_checksum(path))


def front_end(settings: FeatureSettings) -> Callable[[np.ndarray, str], np.ndarray]:
    """What makes (T, F) float16 frames of samples (N,); see :mod:`sernas.features.front_end`."""
    spectrogram = Spectrogram(settings)

    def frames_of(samples: np.ndarray, name: str) -> np.ndarray:
        require_frames(name, len(samples), settings)
        [span] = spectrogram.spans([samples], 1 + len(samples) // settings.hop)
        return _half(name, spectrogram, span)[0]

    return frames_of


def _half(
    path: str | Path, spectrogram: Spectrogram, span: np.ndarray
) -> tuple[np.ndarray, Moments]:
    """(T, F) float16 frames of a span of samples, and their moments."""
    s = spectrogram.settings
    frames = np.empty((1 + (len(span) - s.window_length) // s.hop, s.n_bins), np.float16)
    start, total = 0, None
    for wide in spectrogram.blocks(span):
        peak = np.abs(wide).max()  # NaN if there is one
        if not peak <= np.finfo(np.float16).max:
            raise AudioError(
                f"{path}: expected magnitudes that half precision holds (up to 65504), found "
                f"{peak:g}; scale the samples to -1..1"
            )
        block = frames[start : start + len(wide)]
        block[:] = torch.from_numpy(wide).half().numpy()  # several times as fast as numpy's
        start += len(wide)
        moments = Moments.of(block)
        total = total + moments if total else moments
    return frames, total


@contextmanager
def _one_torch_thread() -> Iterator[None]:
    """The pool is the parallelism; threads within an operation would only compete with it."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
