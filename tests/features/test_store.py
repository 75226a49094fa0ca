import json
from dataclasses import asdict

import h5py
import numpy as np
import pytest

from sernas.base.errors import DiskFullError, StoreError
from sernas.features.extract import extract
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer


@pytest.fixture
def path(corpus, tmp_path, small):
    manifest, root = corpus
    extract(manifest, root, tmp_path / "features.h5", small, "fail", progress=False)
    return tmp_path / "features.h5"


def test_anyone_can_read_the_file(path, small):
    with h5py.File(path) as file, FeatureStore(path) as store:
        frames = file["frames"]
        assert frames.dtype == np.float16
        assert frames.chunks is None
        assert frames.compression is None
        assert frames.shape == (store.index["frames"].sum(), 256)
        assert json.loads(file.attrs["settings"]) == asdict(small)
        assert json.loads(file.attrs["versions"])["h5py"] == h5py.__version__
        assert file["index/utterance"].asstr()[2] == "u2"
        for row in store.index.itertuples():
            np.testing.assert_array_equal(
                store.read(row.start, row.frames), frames[row.start : row.start + row.frames]
            )


def test_moments_are_those_of_the_stored_values(path):
    with FeatureStore(path) as store:
        for speaker, rows in store.index.groupby("speaker"):
            spans = zip(rows["start"], rows["frames"], strict=True)
            frames = np.concatenate([store.read(*span) for span in spans]).astype(np.float64)
            moments = store.moments(speaker)
            assert moments.count == len(frames)
            np.testing.assert_allclose(moments.mean, frames.mean(axis=0), rtol=1e-12)
            np.testing.assert_allclose(moments.m2, ((frames - moments.mean) ** 2).sum(0), rtol=1e-9)


def test_unknown_rows_and_speakers(path):
    with FeatureStore(path) as store:
        total = store.index["frames"].sum()
        with pytest.raises(StoreError, match=f"within 0 to {total}"):
            store.read(total - 1, 2)
        with pytest.raises(StoreError, match="speaker 'C'.* found those of A, B"):
            store.moments("C")


def test_truncated_at_any_length(path):
    content = path.read_bytes()
    lengths = {
        *range(0, len(content), len(content) // 300),
        *range(len(content) - 100, len(content)),
    }
    for length in lengths:
        path.write_bytes(content[:length])
        with pytest.raises(StoreError, match="features.h5: .*delete it and run again"):
            FeatureStore(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.attrs.modify("complete", False),
        lambda file: file.attrs.modify("kind", "embeddings"),
        lambda file: file.attrs.modify("kind", "photographs"),
        lambda file: file.attrs.pop("complete"),
        lambda file: file.attrs.pop("corpus_checksum"),
        lambda file: file.attrs.modify("settings", '{"window": 3}'),
        lambda file: file.pop("frames"),
        lambda file: file.pop("index/start"),
        lambda file: file["index"].move("start", "utterance2"),
    ],
)
def test_incomplete_or_foreign(path, spoil):
    with h5py.File(path, "a") as file:
        spoil(file)
    with pytest.raises(StoreError, match="expected a complete feature store of format 2"):
        FeatureStore(path)


def test_a_store_of_another_version_is_not_to_be_deleted(path):
    with h5py.File(path, "a") as file:
        file.attrs.modify("format", 3)
    with pytest.raises(StoreError, match="found format 3, of another version of sernas") as error:
        FeatureStore(path)
    assert "delete" not in str(error.value)


def test_missing_or_no_hdf5(tmp_path):
    with pytest.raises(StoreError, match="none.h5: .* no such file; run again"):
        FeatureStore(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(StoreError, match="foreign file"):
        FeatureStore(tmp_path / "text.h5")


def test_a_store_that_was_made_before_other_features_holds_spectrograms(path, small):
    older = asdict(small)
    del older["n_mfcc"], older["window"]
    with h5py.File(path, "a") as file:
        del file.attrs["kind"]
        file.attrs.modify("settings", json.dumps(older))
    with FeatureStore(path) as store:
        assert store.settings == small


def test_a_failure_while_writing_leaves_the_old_store(path, small):
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), open_writer(path, 10, small):
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.glob("*.h5")] == ["features.h5"]
    assert not list(path.parent.glob(".*"))


def test_a_full_disk_is_seen_before_any_work(tmp_path, small):
    with (
        pytest.raises(DiskFullError, match="features.h5: .* MB .10+ frames of 256 bins., found"),
        open_writer(tmp_path / "features.h5", 10**13, small),
    ):
        pass
