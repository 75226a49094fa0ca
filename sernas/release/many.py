"""Predictions of many recordings, of which some cannot be read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
from tqdm import tqdm

from sernas.base.errors import AudioError, SettingsError
from sernas.features.moments import Moments
from sernas.release.model import ReleasedModel
from sernas.release.recordings import STDIN, recordings
from sernas.release.timeline import draw_timeline

Row = dict[str, Any]
WINDOWS = (2.0, 1.0)
"""Seconds of a window, and from one to the next, where nobody says others."""
PICTURES = (".png", ".pdf")


def predicted(
    model: ReleasedModel,
    arguments: Sequence[str],
    windows: tuple[float, float] | None = None,
    plot: Path | None = None,
    of_speaker: Sequence[str] = (),
) -> Iterator[Row | AudioError]:
    """What is said of each recording, or why nothing can be: ``file``, ``emotion`` and ``p_`` of
    each emotion, and with ``windows`` a row each with ``start`` and ``end`` in seconds.

    Args:
        arguments: see :func:`recordings`; ``-`` is a file on stdin.
        windows: seconds of each, and from one to the next; None: recordings are heard whole.
        plot: a picture of the only recording over time.
        of_speaker: recordings of the same speaker, by whom frames are normalised.

    Raises:
        SettingsError: there are several recordings to be drawn, the model has no use for recordings
            of the speaker, or the speech model that it needs is not at hand.
        AudioError: a recording of the speaker cannot be used.
    """
    paths = recordings(arguments)
    if plot and (len(paths) > 1 or plot.suffix not in PICTURES):
        raise SettingsError(
            f"--plot: expected one recording and a picture ({' or '.join(PICTURES)}), found "
            f"{len(paths)} and {plot}; draw them one by one"
        )
    speaker = _speaker(model, of_speaker)
    for path in tqdm(paths, unit="file", disable=None if len(paths) > 1 else True):
        try:
            with _file(path) as file:
                if windows or plot:
                    segments = list(model.segments(file, *(windows or WINDOWS), speaker=speaker))
                if plot:
                    draw_timeline(file, segments, model.emotions, _title(path), plot)
                if windows:
                    for each in segments:
                        span = {"start": round(each.start, 3), "end": round(each.end, 3)}
                        yield {"file": path} | span | _said(model, each.probabilities)
                else:
                    found = model.probabilities(file, speaker=speaker)
                    yield {"file": path} | _said(model, found)
        except AudioError as error:
            yield error


def _speaker(model: ReleasedModel, arguments: Sequence[str]) -> list[Moments] | None:
    if not arguments:
        return None
    if (moments := model.moments(recordings(arguments))) is None:
        raise SettingsError(
            "--speaker-recordings: expected a model that normalises by speakers, found one that "
            "does not (folds.normalise_speakers: none); leave them out"
        )
    return moments


@contextmanager
def _file(path: str) -> Iterator[str]:
    """Where the audio is: what comes on stdin is put into a file, for it may be read twice."""
    if path != STDIN:
        yield path
        return
    with NamedTemporaryFile(suffix=".stdin") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.flush()
        try:
            yield file.name
        except AudioError as error:
            raise AudioError(str(error).replace(file.name, "standard input")) from error


def _title(path: str) -> str:
    return "standard input" if path == STDIN else Path(path).name


def _said(model: ReleasedModel, probabilities: np.ndarray) -> Row:
    by_emotion = dict(zip(model.emotions, probabilities.round(6).tolist(), strict=True))
    likeliest = model.emotions[int(probabilities.argmax())]
    return {"emotion": likeliest, **{f"p_{name}": p for name, p in by_emotion.items()}}
