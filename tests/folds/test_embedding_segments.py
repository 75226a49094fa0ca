"""The hidden states of a speech model: networks get its layers as channels."""

import numpy as np
import pytest
import torch

from sernas.folds.cut import cut
from sernas.folds.fold import Fold
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import training_statistics
from sernas.settings.features import EmbeddingSettings

LAYERS = 3
SETTINGS = EmbeddingSettings("m", "0", 16000, 320, LAYERS, 8)


@pytest.fixture
def fold(make_store, index, settings, emotions, tmp_path):
    def shift(row, frames):  # each layer has values of its own
        return frames * np.arange(1, LAYERS + 1)[:, None]

    store = make_store(shift, settings=SETTINGS)
    split = make_folds(index, settings(segment_s=0.4), emotions)[1]
    write_split(split, tmp_path / "fold.csv")
    training_statistics(store, split, "bin").save(tmp_path / "fold.npz")
    return Fold(
        (store,), tmp_path / "fold.csv", (tmp_path / "fold.npz",), settings(segment_s=0.4), emotions
    )


def test_statistics_are_of_each_value_of_each_layer(fold):
    rows = fold.stores[0].index[fold.stores[0].index["speaker"].isin(fold.statistics[0].speakers)]
    spans = zip(rows["start"], rows["frames"], strict=True)
    frames = np.concatenate([fold.stores[0].read(*span) for span in spans]).astype(np.float64)
    assert fold.statistics[0].mean.shape == (LAYERS, 8)
    np.testing.assert_allclose(fold.statistics[0].mean, frames.mean(axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(fold.statistics[0].std, frames.std(axis=0), rtol=1e-5)
    glob = training_statistics(fold.stores[0], fold.split, "global")
    np.testing.assert_allclose(glob.mean, np.full((LAYERS, 8), frames.mean()), rtol=1e-5)
    np.testing.assert_allclose(glob.std, np.full((LAYERS, 8), frames.std()), rtol=1e-5)


def normalised(fold, row):
    frames = fold.stores[0].read(row.start, row.frames).astype(np.float32)
    return ((frames - fold.statistics[0].mean) / fold.statistics[0].std).transpose(1, 2, 0)


def test_segments_hold_their_frames_then_zeros(fold, emotions):
    expected, labels = [], []
    for row in fold.stores[0].index.itertuples():
        if row.speaker in fold.statistics[0].speakers:
            for start, n in cut(row.frames, 20, 20):  # of 20 ms
                padded = np.zeros((LAYERS, 8, 20), np.float32)
                padded[:, :, :n] = normalised(fold, row)[:, :, start : start + n]
                expected.append(padded)
                labels.append(emotions.index(row.emotion))
    segments = fold.segments("train")
    order = np.random.default_rng(0).permutation(len(segments))
    x, y = segments.batch(order)
    assert x.shape == (len(expected), LAYERS, 8, 20)
    np.testing.assert_allclose(x, np.stack(expected)[order], rtol=1e-5, atol=1e-6)
    assert y.tolist() == [labels[i] for i in order]


def test_utterances_are_whole(fold):
    data = fold.utterances("test")
    rows = fold.stores[0].index.set_index("utterance").loc[data.table["utterance"]]
    for i, row in enumerate(rows.itertuples()):
        found = data.features(i)
        assert found.is_contiguous()
        np.testing.assert_allclose(found, normalised(fold, row), rtol=1e-5, atol=1e-6)


def test_frames_that_fit_move(fold, monkeypatch):
    gpu = torch.device("cuda" if torch.cuda.is_available() else "meta")
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (10**6, 10**6))
    data = fold.utterances("test")
    here = data.features(0)
    there = data.to(gpu).features(0)
    assert there.device.type == gpu.type
    assert there.shape == here.shape
    used = 2 * int(sum(data._lengths[0])) * LAYERS * 8
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (2 * used - 1, 10**6))
    assert fold.utterances("test").to(gpu).features(0).device.type == "cpu"
