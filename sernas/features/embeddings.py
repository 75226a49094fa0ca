"""Extraction: every utterance of a manifest through a speech model into the store."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from sernas.audio.reading import audio_blocks, read_audio
from sernas.base.checksum import file_checksum
from sernas.base.errors import AudioError, SettingsError
from sernas.base.parallel import in_order
from sernas.features.by_length import batches_by_length
from sernas.features.excluded import Excluded, trimmed
from sernas.features.limits import LEAST_FRAMES, too_short
from sernas.features.partial_store import PartialStore
from sernas.features.speech_model import SpeechModel
from sernas.features.store import TEXT
from sernas.features.writer import open_writer
from sernas.settings.features import EmbeddingSettings, SpeechModelSettings


class _Clip(NamedTuple):
    path: Path
    samples: int
    frames: int
    sha256: str  # of the audio file
    labels: tuple[str, ...]  # the index's text columns


def extract_embeddings(
    manifest: pd.DataFrame,
    root: Path,
    out: Path,
    settings: SpeechModelSettings,
    on_bad_audio: str,
    device: torch.device,
    partial: Path,
    code: str = "",
    threads: int = 1,
    progress: bool = True,
    silence_db: float = -math.inf,
    trim_db: float | None = None,
) -> pd.DataFrame:
    """Write the hidden states of every utterance in ``manifest`` to the store ``out``.

    As :func:`sernas.features.extract.extract` does: the same manifest, order, index and table of
    excluded utterances, but all audio is read and judged before the model sees any. The folder
    ``partial``, on the disk of ``out``, keeps the unfinished store. An extraction that was ended
    goes on after its last whole batch if audio, model, settings, libraries, kind of device and
    ``code`` are the same; the store is then the same as that of one that was not.

    Raises:
        SettingsError: there is no such model, it has not such layers or steps, or ``transformers``
            is not installed.
        AudioError: there is no usable audio, or some is bad where ``on_bad_audio`` is "fail"; or
            the model gives values that half precision does not hold, or needs more memory than
            the device has for the longest utterance.
        DiskFullError: the disk has not the room.
    """
    model, excluded = SpeechModel(settings, device), Excluded(root, on_bad_audio)
    clips = _clips(manifest, Path(root), model, excluded, silence_db, trim_db, threads, progress)
    room = int(settings.batch_s * model.settings.sample_rate)
    batches = batches_by_length([clip.samples for clip in clips], room, model.pads)
    _log(model, clips, batches)
    starts = np.cumsum([0, *(clip.frames for clip in clips)])

    def reserve(path: Path) -> None:
        with open_writer(path, int(starts[-1]), model.settings) as writer:
            for clip in clips:
                seconds = clip.samples / model.settings.sample_rate
                labels = dict(zip(TEXT, clip.labels, strict=True))
                writer.reserve(clip.frames, seconds, clip.sha256, **labels)

    identity = (model.settings, model.version, torch.__version__, device.type, trim_db, code)
    content = [(clip.sha256, clip.labels) for clip in clips]
    with PartialStore(Path(partial), (identity, content, batches), reserve) as store:
        if store.done:
            logging.info("going on after batch %d of %d", store.done, len(batches))
        done = sum(map(len, batches[: store.done]))
        with tqdm(
            None, "embeddings", len(clips), initial=done, unit="utterance", disable=not progress
        ) as bar:
            left = batches[store.done :]
            for numbers, audio in zip(left, _audio(clips, left, model, trim_db), strict=True):
                states = _states(model, audio, clips[numbers[0]])
                for number, frames in zip(numbers, states, strict=True):
                    _check(frames, clips[number])
                    store.write(starts[number], frames.numpy())
                store.step_done()
                bar.update(len(numbers))
        store.finish(Path(out), threads, progress)
    return excluded.table()


def front_end(settings: EmbeddingSettings) -> Callable[[np.ndarray, str], np.ndarray]:
    """What makes (T, L, D) float16 hidden states of samples (N,), on the CPU; see
    :mod:`sernas.features.front_end`.

    Raises:
        SettingsError: the speech model is not there, or it is another.
    """
    wanted = SpeechModelSettings(settings.model, layers=settings.layers, step_ms=settings.hop_ms)
    opened = SpeechModel(wanted, torch.device("cpu"))
    if opened.settings.checksum != settings.checksum:
        raise SettingsError(
            f"{settings.model}: expected the speech model of the checksum {settings.checksum}, "
            f"found {opened.settings.checksum}, another; give the one of the training"
        )

    def frames_of(samples: np.ndarray, name: str) -> np.ndarray:
        if (frames := opened.frames(len(samples))) < LEAST_FRAMES:
            raise too_short(name, frames, len(samples))
        [states] = opened([samples])
        _check_finite(states, name)
        return states.numpy()

    return frames_of


def _clips(
    manifest: pd.DataFrame,
    root: Path,
    model: SpeechModel,
    excluded: Excluded,
    silence_db: float,
    trim_db: float | None,
    threads: int,
    progress: bool,
) -> list[_Clip]:
    """The utterances that can be used; the others go to ``excluded``."""

    def look(row: dict[str, str]) -> _Clip | AudioError:
        path = root / row["path"]
        try:
            pieces = audio_blocks(path, model.settings.sample_rate, silence_db, trim_db)
            samples = sum(map(len, pieces))
        except AudioError as error:
            return error
        if (frames := model.frames(samples)) < LEAST_FRAMES:
            return too_short(trimmed(path, trim_db), frames, samples)
        labels = tuple(row[column] for column in TEXT)
        return _Clip(path, samples, frames, file_checksum(path), labels)

    rows, clips = manifest.to_dict("records"), []
    found = tqdm(
        in_order(look, rows, threads), "audio", len(rows), unit="utterance", disable=not progress
    )
    for row, clip in zip(rows, found, strict=True):
        if isinstance(clip, AudioError):
            excluded.add(row, clip)
        else:
            clips.append(clip)
    excluded.require_some_left(len(rows))
    return clips


def _audio(
    clips: Sequence[_Clip],
    batches: Sequence[Sequence[int]],
    model: SpeechModel,
    trim_db: float | None,
):
    """The samples of each batch's utterances, read while the model is at the batch before."""

    def read(numbers: Sequence[int]) -> list[np.ndarray]:
        rate = model.settings.sample_rate
        return [read_audio(clips[n].path, rate, trim_db=trim_db) for n in numbers]

    return in_order(read, batches, threads=1)


def _states(model: SpeechModel, audio: Sequence[np.ndarray], longest: _Clip) -> list[torch.Tensor]:
    """A batch through the model, all of an utterance at once: each frame attends to all."""
    try:
        return model(audio)
    except torch.OutOfMemoryError as error:
        seconds = longest.samples / model.settings.sample_rate
        raise AudioError(
            f"{longest.path}: expected that its {seconds:.0f} s pass through the speech model in "
            f"a batch of {len(audio)}, found too little memory ({error}); lower embeddings.batch_s "
            "if there are others in the batch, else cut the recording or set device to cpu"
        ) from error


def _log(model: SpeechModel, clips: Sequence[_Clip], batches: Sequence[Sequence[int]]) -> None:
    s = model.settings
    logging.info(
        "%s: %d layers of %d values every %g ms; %d utterances in %d batches",
        *(s.model, s.n_layers, s.n_bins, s.hop_ms, len(clips), len(batches)),
    )
    if not model.pads:
        logging.info(
            "padding would show in the frames of this model: only utterances with the same number "
            "of samples share a batch"
        )


def _check(frames: torch.Tensor, clip: _Clip) -> None:
    if len(frames) != clip.frames:
        raise AudioError(
            f"{clip.path}: expected {clip.frames} frames, found {len(frames)}, since the file was "
            "changed meanwhile; run again"
        )
    _check_finite(frames, clip.path)


def _check_finite(frames: torch.Tensor, name: str | Path) -> None:
    if not torch.isfinite(frames).all():
        raise AudioError(
            f"{name}: expected hidden states that half precision holds (up to 65504), found "
            "greater ones or NaN; take another model (embeddings.model), or leave the clip out"
        )
