import numpy as np
import pytest

from sernas.base.errors import FoldError, StoreError
from sernas.folds.split import make_folds
from sernas.folds.statistics import Statistics, training_statistics


@pytest.fixture
def split(index, settings, emotions):
    return make_folds(index, settings(), emotions)[2]  # s2F validates, s2M tests


def training_frames(store, split):
    names = set(split["utterance"][split["role"] == "train"])
    rows = store.index[store.index["utterance"].isin(names)]
    spans = zip(rows["start"], rows["frames"], strict=True)
    return np.concatenate([store.read(*span) for span in spans]).astype(np.float64)


def test_bins_equal_numpy_on_the_training_frames(make_store, split):
    store = make_store()
    found, frames = training_statistics(store, split, "bin"), training_frames(store, split)
    np.testing.assert_allclose(found.mean, frames.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found.std, frames.std(axis=0), rtol=1e-6)
    assert found.mean.dtype == found.std.dtype == np.float32
    assert found.speakers == ("s1F", "s1M", "s3F", "s3M")
    normalised = (frames - found.mean) / found.std
    np.testing.assert_allclose(normalised.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(normalised.std(0), 1, rtol=1e-5)


def test_global_equals_numpy_on_the_training_frames(make_store, split):
    store = make_store()
    found, frames = training_statistics(store, split, "global"), training_frames(store, split)
    np.testing.assert_allclose(found.mean, np.full(12, frames.mean()), rtol=1e-6)
    np.testing.assert_allclose(found.std, np.full(12, frames.std()), rtol=1e-6)


@pytest.mark.parametrize("normalise", ["bin", "global"])
def test_nothing_of_validation_and_test_speakers_leaks(make_store, split, normalise):
    def spoil(speaker):
        def change(row, frames):
            return frames * 50 + 7 if row.speaker == speaker else frames

        return training_statistics(make_store(change, f"{speaker}.h5"), split, normalise)

    clean = spoil("nobody")
    for held_out in ("s2F", "s2M"):
        np.testing.assert_array_equal(spoil(held_out).mean, clean.mean)
        np.testing.assert_array_equal(spoil(held_out).std, clean.std)
    assert not np.allclose(spoil("s1F").mean, clean.mean)


def test_a_constant_bin_does_not_blow_up(make_store, split):
    def change(row, frames):
        frames[:, 3] = -9.2
        return frames

    found = training_statistics(make_store(change), split, "bin")
    others = found.std[[0, 1, 2, *range(4, 12)]]
    assert found.std[3] == pytest.approx(1e-3 * np.sqrt((others**2).sum() / 12), rel=1e-5)
    normalised = (np.full((4, 12), np.float16(-9.2), np.float32) - found.mean) / found.std
    assert np.abs(normalised[:, 3]).max() < 1e-3


def test_save_and_load(tmp_path):
    statistics = Statistics(
        np.arange(3, dtype=np.float32), np.arange(1, 4, dtype=np.float32), ("A", "Ö/b")
    )
    path = tmp_path / "fold1.npz"
    statistics.save(path)
    loaded = Statistics.load(path)
    np.testing.assert_array_equal(loaded.mean, statistics.mean)
    np.testing.assert_array_equal(loaded.std, statistics.std)
    assert loaded.speakers == ("A", "Ö/b")
    assert [file.name for file in tmp_path.iterdir()] == ["fold1.npz"]
    whole = path.read_bytes()
    for content in (whole[:-30], b"", b"text"):
        path.write_bytes(content)
        with pytest.raises(FoldError, match="fold1.npz: .*delete it and run again"):
            Statistics.load(path)
    np.savez(path, mean=statistics.mean)
    with pytest.raises(FoldError, match="fold1.npz: .*delete it and run again"):
        Statistics.load(path)
    with pytest.raises(FoldError, match="no such file"):
        Statistics.load(tmp_path / "none.npz")


def test_a_split_with_other_speakers(make_store, split):
    with pytest.raises(StoreError, match="'s9F'"):
        training_statistics(make_store(), split.replace("s1F", "s9F"), "bin")
