import numpy as np
import pandas as pd
import pytest

from sernas.features.moments import Moments
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.settings.features import FeatureSettings
from sernas.settings.folds import FoldSettings

EMOTIONS = ("neutral", "angry", "sad")
FEATURES = FeatureSettings(16000, 40, 10, 640, 0, 300, None, "log", 1e-5)  # 12 bins


@pytest.fixture
def emotions():
    return EMOTIONS


@pytest.fixture
def settings():
    """Makes the settings of folds: the paper's but for what is given."""

    def make(**changes):
        paper = {
            "scheme": "session", "count": 3, "validation": "F", "validation_speakers": 1,
            "segment_s": 0.2, "overlap_s": 0.0, "normalise": "bin", "seed": 1,
        }  # fmt: skip
        return FoldSettings(**(paper | changes))

    return make


@pytest.fixture
def index():
    """Three sessions of an F and an M speaker, two utterances of each emotion."""
    rows = [
        (f"{session}{gender}_{emotion}{i}", f"{session}{gender}", session, gender, emotion)
        for session in ("s1", "s2", "s3")
        for gender in "FM"
        for emotion in EMOTIONS
        for i in range(2)
    ]
    return pd.DataFrame(rows, columns=["utterance", "speaker", "session", "gender", "emotion"])


@pytest.fixture
def make_store(tmp_path, index):
    """Makes a store of random frames; ``change`` may alter an utterance's (T, 12) frames."""

    def make(change=lambda row, frames: frames, name="f.h5", settings=FEATURES):
        rng = np.random.default_rng(0)
        bins = np.arange(settings.n_bins)
        with open_writer(tmp_path / name, 36 * 60, settings) as writer:
            for row in index.itertuples(index=False):
                shape = rng.integers(5, 60), *settings.frame_shape
                frames = rng.normal(bins - 5, 1 + bins, shape)
                frames = change(row, frames).astype(np.float16)
                writer.append(frames, Moments.of(frames), len(frames) / 100, "", **row._asdict())
        return FeatureStore(tmp_path / name)

    return make
