"""Extraction: every utterance of a manifest through openSMILE's eGeMAPS functionals into the store.

Eyben et al. 2016, "The Geneva minimalistic acoustic parameter set (GeMAPS) for voice research and
affective computing": 88 functionals of pitch, loudness, spectrum and voice quality.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from tqdm import tqdm

from sernas.audio.reading import read_audio
from sernas.base.checksum import file_checksum
from sernas.base.errors import AudioError, SettingsError
from sernas.base.parallel import in_order
from sernas.features.excluded import Excluded
from sernas.features.moments import Moments
from sernas.features.store import TEXT
from sernas.features.writer import open_writer
from sernas.settings.features import FunctionalSettings

LARGEST = float(np.finfo(np.float16).max)
HIGHEST_SAMPLE = 1 - 2**-15  # openSMILE is given 16 bits, in which 1.0 would be -1.0


def extract_egemaps(
    manifest: pd.DataFrame,
    root: Path,
    out: Path,
    settings: FunctionalSettings,
    on_bad_audio: str,
    threads: int = 1,
    progress: bool = True,
    silence_db: float = -math.inf,
    trim_db: float | None = None,
) -> pd.DataFrame:
    """Write the functionals of every utterance in ``manifest`` to the store ``out``, a frame each.

    As :func:`sernas.features.extract.extract` does: the same manifest, order, index and table of
    excluded utterances. Values beyond half precision, which quotients of little have, become its
    largest.

    Raises:
        SettingsError: ``opensmile`` is not installed.
        AudioError: there is no usable audio, or some is bad where ``on_bad_audio`` is "fail".
    """
    functionals_of = front_end(settings)
    rows, excluded = manifest.to_dict("records"), Excluded(root, on_bad_audio)

    def frame_of(row: dict[str, str]) -> tuple[np.ndarray, float, str] | AudioError:
        path, rate = root / row["path"], settings.sample_rate
        try:
            samples = read_audio(path, rate, silence_db, trim_db)
            half = functionals_of(samples, str(path))
        except AudioError as error:
            return error
        return half, len(samples) / rate, file_checksum(path)

    with open_writer(Path(out), len(rows), settings) as writer:
        found = in_order(frame_of, rows, threads)
        bar = tqdm(found, "eGeMAPS", len(rows), unit="utterance", disable=not progress)
        for row, result in zip(rows, bar, strict=True):
            if isinstance(result, AudioError):
                excluded.add(row, result)
                continue
            half, seconds, sha256 = result
            labels = {column: row[column] for column in TEXT}
            writer.append(half, Moments.of(half), seconds, sha256, **labels)
        excluded.require_some_left(len(rows))
    return excluded.table()


def front_end(settings: FunctionalSettings) -> Callable[[np.ndarray, str], np.ndarray]:
    """What makes the (1, 88) float16 functionals of samples (N,); see
    :mod:`sernas.features.front_end`."""
    library = _import_opensmile()
    # a level by its name alone would crash it
    features = library.FeatureSet[settings.feature_set], library.FeatureLevel.Functionals
    smile = library.Smile(*features)

    def functionals_of(samples: np.ndarray, name: str) -> np.ndarray:
        found = smile.process_signal(samples.clip(-1, HIGHEST_SAMPLE), settings.sample_rate)
        if np.isnan(values := found.to_numpy()).any():
            raise AudioError(
                f"{name}: expected speech that openSMILE has functionals of, found too little "
                f"({len(samples)} samples); leave the clip out"
            )
        return values.clip(-LARGEST, LARGEST).astype(np.float16)

    return functionals_of


def _import_opensmile() -> ModuleType:
    """The library, an extra of ours."""
    try:
        import opensmile
    except ImportError as error:
        raise SettingsError(
            "systems: expected the library opensmile, which egemaps takes, found that it cannot be "
            f"imported ({error}); install it: pip install -c constraints.txt -e '.[egemaps]'"
        ) from error
    return opensmile
