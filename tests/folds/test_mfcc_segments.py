"""The input of Rajapakshe et al. 2023: 128 MFCC of 128 frames, which are two seconds."""

import numpy as np
import pytest
import soundfile

from sernas.features.extract import extract
from sernas.features.store import FeatureStore
from sernas.folds.cut import cut
from sernas.folds.segments import SegmentData
from sernas.folds.split import make_folds
from sernas.folds.statistics import training_statistics
from sernas.settings.features import FeatureSettings

SETTINGS = FeatureSettings(16000, 40, 15.625, 1024, 0, 8000, 128, "log", 1e-4, 128)


@pytest.fixture
def store(tmp_path, index):
    """The MFCC of utterances of noise, 1.87 s and somewhat longer each."""
    rng = np.random.default_rng(0)
    for i, name in enumerate(index["utterance"]):
        audio = 0.1 * rng.standard_normal(29900 + 125 * i)
        soundfile.write(tmp_path / f"{name}.wav", audio, 16000)
    manifest = index.assign(path=index["utterance"] + ".wav")
    extract(manifest, tmp_path, tmp_path / "f.h5", SETTINGS, "fail", progress=False)
    with FeatureStore(tmp_path / "f.h5") as store:
        yield store


def test_the_hop_is_a_whole_number_of_samples():
    assert SETTINGS.hop == 250
    assert [SETTINGS.frames(seconds) for seconds in (0.5, 1, 2, 3)] == [32, 64, 128, 192]


def test_two_seconds_are_128_frames(store, index, settings, emotions):
    samples = 29900 + 125 * np.arange(len(index))
    assert store.index["frames"].tolist() == (1 + samples // 250).tolist()
    assert store.index["seconds"].tolist() == (samples / 16000).tolist()
    folds = settings(segment_s=2.0)
    split = make_folds(store.index, folds, emotions)[1]
    statistics = training_statistics(store, split, "bin")
    data = SegmentData((store,), split, "train", (statistics,), folds, emotions)
    rows = store.index[store.index["speaker"].isin(statistics.speakers)]
    spans = [
        (row.start + offset, frames)
        for row in rows.itertuples()
        for offset, frames in cut(row.frames, 128, 128)
    ]
    assert {frames for _, frames in spans} > {126, 128, 1}  # shorter than a segment, and longer
    x, _ = data.batch(range(len(data)))
    assert x.shape == (len(spans), 1, 128, 128)
    for segment, (start, frames) in zip(x[:, 0], spans, strict=True):
        exact = store.read(start, frames).astype(np.float32)
        expected = ((exact - statistics.mean) / statistics.std).T
        np.testing.assert_allclose(segment[:, :frames], expected, rtol=1e-5, atol=1e-5)
        assert not segment[:, frames:].any()
