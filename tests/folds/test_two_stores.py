"""Spectrograms and a speech model's hidden states of the same recordings, side by side."""

import math

import numpy as np
import pytest
import torch

from sernas.base.errors import FoldError
from sernas.features.moments import Moments
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.folds.cut import Cut, cut
from sernas.folds.fold import Fold
from sernas.folds.shared_utterances import shared_utterances
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import Statistics, training_statistics
from sernas.settings.features import EmbeddingSettings, FeatureSettings

RATE, WINDOW = 16000, 400
SPECTROGRAM = FeatureSettings(RATE, 25, 11, 512, 0, 200, None, "log", 1e-4)  # 7 bins
EMBEDDINGS = EmbeddingSettings("m", "0", RATE, 320, 2, 3)
STREAMS = (SPECTROGRAM, EMBEDDINGS)
SEGMENT_S = 0.352  # 32 frames and, of 20 ms, 18
TESTS = "s1M"


@pytest.fixture
def folds(settings):
    return settings(segment_s=SEGMENT_S)


@pytest.fixture
def make_stores(tmp_path, index):
    """Makes both stores of recordings of noise.

    Frames hold the second that they are at, and their utterance's number in the first bin. A store
    leaves out the utterances that ``without`` names for it, and ``change`` may alter its labels.
    """

    def make(without=((), ()), change=lambda row, stream: row, name="store"):
        stores = []
        for stream, settings in enumerate(STREAMS):
            rng = np.random.default_rng(0)
            path = tmp_path / f"{name}{stream}.h5"
            with open_writer(path, 36 * 200, settings) as writer:
                for number, row in enumerate(index.to_dict("records")):
                    samples = int(rng.integers(3000, 20000))
                    if row["utterance"] in without[stream]:
                        continue
                    frames = frames_of(settings, samples)
                    seconds = np.arange(frames) * settings.hop / RATE
                    values = np.empty((frames, *settings.frame_shape))
                    values[:] = seconds.reshape(-1, *[1] * (values.ndim - 1))
                    values[..., 0] = number
                    labels = change(row, stream)
                    half = values.astype(np.float16)
                    duration = labels.pop("seconds", samples / RATE)
                    writer.append(half, Moments.of(half), duration, "", **labels)
            stores.append(FeatureStore(path))
        return stores

    return make


def frames_of(settings, samples):
    if settings is SPECTROGRAM:
        return 1 + samples // settings.hop
    return 1 + (samples - WINDOW) // settings.hop


@pytest.fixture
def open_fold(make_stores, folds, emotions, tmp_path):
    """Opens fold 1 of two stores."""

    def make(stores=None):
        stores = stores or make_stores()
        split = make_folds(shared_utterances(stores), folds, emotions)[1]
        write_split(split, tmp_path / "1.csv")
        for number, store in enumerate(stores):
            training_statistics(store, split, "bin").save(tmp_path / f"{number}.npz")
        return Fold(stores, tmp_path / "1.csv", files(tmp_path), folds, emotions)

    return make


def files(folder):
    return folder / "0.npz", folder / "1.npz"


def plain(x, statistics):
    """(..., C, F, T) before it was normalised."""
    shape = (*x.shape[-3:-1], 1)
    return x * statistics.std.reshape(shape) + statistics.mean.reshape(shape)


# --- segments and utterances --------------------------------------------------------------------


def test_segments_of_one_stream_are_those_of_cut(folds, settings):
    for overlap in (0.0, 0.1):
        of_one = Cut([SPECTROGRAM], settings(segment_s=SEGMENT_S, overlap_s=overlap))
        hop = 32 - SPECTROGRAM.frames(overlap)
        for frames in range(1, 200):
            assert of_one([frames]) == [(span,) for span in cut(frames, 32, hop)]


@pytest.mark.parametrize("tail", ["pad", "shift", "drop"])
@pytest.mark.parametrize("overlap", [0.0, 0.1])
def test_segments_cover_the_same_seconds(settings, overlap, tail):
    how = settings(segment_s=SEGMENT_S, overlap_s=overlap, tail=tail)
    of_both = Cut(STREAMS, how)
    assert of_both.lengths == [32, 18]
    for samples in range(1000, 60000, 37):
        frames = [frames_of(stream, samples) for stream in STREAMS]
        found = of_both(frames)
        alone = Cut([SPECTROGRAM], how)(frames[:1])
        assert [spans[:1] for spans in found] == alone[: len(found)]
        for (span,) in alone[len(found) :]:  # begins in the last window, of which is no frame
            assert span[0] * SPECTROGRAM.hop + EMBEDDINGS.hop / 2 > samples - WINDOW
        for (start, n), (there, m) in found:
            assert abs(start * SPECTROGRAM.hop - there * EMBEDDINGS.hop) <= EMBEDDINGS.hop / 2
            assert m == min(18, frames[1] - there) > 0
            assert n == min(32, frames[0] - start)


def test_both_streams_of_a_segment_are_of_one_utterance_and_time(open_fold, index):
    fold = open_fold()
    data = fold.segments("train")
    order = np.random.default_rng(0).permutation(len(data))
    x, y = data.batch(order)
    assert [tuple(stream.shape) for stream in x] == [
        (len(data), 1, 7, 32),
        (len(data), 2, 3, 18),
    ]
    spectrograms, hidden = (
        plain(stream.numpy(), of) for stream, of in zip(x, fold.statistics, strict=True)
    )
    names = index["utterance"].tolist()
    lengths = fold.stores[0].index.set_index("utterance")["frames"]
    segments = {}
    for place, i in enumerate(order):
        number = names.index(data.utterances[i])
        np.testing.assert_allclose(spectrograms[place, 0, 0, 0], number, atol=1e-3)
        np.testing.assert_allclose(hidden[place, :, 0, 0], number, atol=1e-3)
        assert y[place] == fold.emotions.index(index["emotion"][number])
        start, there = spectrograms[place, 0, 1, 0], hidden[place, 0, 1, 0]
        assert abs(start - there) <= 0.0105
        segments[i] = start
        whole = int(round(start / 0.011)) + 32 <= lengths[data.utterances[i]]
        assert (x[0][place, 0, :, -1] != 0).any() == whole  # what is beyond the end stays zero
    assert sorted(segments) == list(range(len(data)))
    assert max(segments.values()) > 2 * SEGMENT_S


def test_both_streams_of_a_crop_are_of_one_utterance_and_time(open_fold, index):
    fold = open_fold()
    data = fold.segments("train")
    data.crop(np.random.default_rng(0))
    x, _ = data.batch(range(len(data)))
    (number, start), (of_other, there) = (
        plain(stream.numpy(), of)[:, 0, :2, 0].T
        for stream, of in zip(x, fold.statistics, strict=True)
    )
    names = index["utterance"].tolist()
    np.testing.assert_allclose(number, list(map(names.index, data.utterances)), atol=1e-3)
    np.testing.assert_allclose(of_other, number, atol=1e-3)
    np.testing.assert_allclose(there, start, atol=0.0105)
    assert len(set(start.round(3).tolist())) > len(data) / 2  # and not multiples of a segment


def test_crops_of_frames_that_lie_together_are_the_same_to_the_bit(open_fold):
    usual, together = (open_fold().segments("train") for _ in range(2))
    for stream in together._streams:
        stream.frames.put(torch.device("cpu"))
    for data in (usual, together):
        data.crop(np.random.default_rng(0))
    order = np.array_split(np.arange(len(usual)), 2)
    for (x, y), (others, labels) in zip(together.in_turn(order), usual.in_turn(order), strict=True):
        assert all(map(torch.equal, x, others))
        assert torch.equal(y, labels)


def test_utterances_are_whole_in_both_streams(open_fold, index):
    fold = open_fold()
    data = fold.utterances("test")
    assert set(data.table["speaker"]) == {TESTS}
    for i, name in enumerate(data.table["utterance"]):
        x = data.features(i)
        for stream, store, of in zip(x, fold.stores, fold.statistics, strict=True):
            row = store.index.set_index("utterance").loc[name]
            expected = store.read(row.start, row.frames).astype(np.float32)
            expected = expected.reshape(row.frames, *stream.shape[:2]).transpose(1, 2, 0)
            np.testing.assert_allclose(plain(stream.numpy(), of), expected, atol=2e-3)
            assert stream.is_contiguous()


def test_both_move(open_fold, monkeypatch):
    gpu = torch.device("cuda" if torch.cuda.is_available() else "meta")
    rows = 2 * sum(
        math.prod(stream.frame_shape) * 10**5 for stream in STREAMS
    )  # more than there is
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (2 * rows, rows))
    there = open_fold().utterances("test").to(gpu).features(0)
    assert {stream.device.type for stream in there} == {gpu.type}


def test_normalised_by_the_training_speakers_of_each_store(open_fold):
    fold = open_fold()
    for store, statistics in zip(fold.stores, fold.statistics, strict=True):
        rows = store.index[store.index["speaker"].str[:2] != "s1"]
        frames = np.concatenate([store.read(r.start, r.frames) for r in rows.itertuples()])
        frames = frames.astype(np.float64)
        assert statistics.speakers == ("s2F", "s2M", "s3F", "s3M")
        np.testing.assert_allclose(statistics.mean, frames.mean(0), rtol=1e-5)
        np.testing.assert_allclose(statistics.std, frames.std(0), rtol=1e-4)


# --- stores that lack something -----------------------------------------------------------------


WITHOUT = (("s1M_sad0", "s2F_sad1"), ("s2F_sad1", "s3M_angry0"))


def test_the_split_is_of_what_both_hold(make_stores, open_fold, index):
    fold = open_fold(make_stores(WITHOUT))
    gone = {name for of_store in WITHOUT for name in of_store}
    assert fold.split["utterance"].tolist() == [
        name for name in index["utterance"] if name not in gone
    ]
    assert fold.utterances("test").table["utterance"].tolist() == [
        name for name in index["utterance"] if name.startswith(TESTS) and name != "s1M_sad0"
    ]
    assert not gone & set(fold.segments("train").utterances)
    x, _ = fold.segments("train").batch(range(4))
    assert len(x) == 2


def test_a_network_of_one_stream_sees_the_same_split(make_stores, open_fold, folds, tmp_path):
    stores = make_stores(WITHOUT)
    both = open_fold(stores)
    for store, statistics in zip(stores, files(tmp_path), strict=True):
        alone = Fold((store,), tmp_path / "1.csv", (statistics,), folds, both.emotions)
        for role in ("train", "validation"):
            here, there = (set(each.segments(role).utterances) for each in (alone, both))
            assert here == there
        assert alone.utterances("test").table.equals(both.utterances("test").table)
    assert both.inputs == ((1, 7), (2, 3))


def test_rows_in_another_order_are_no_matter(make_stores, open_fold, index):
    def shuffled(stores):
        reordered = index.sample(frac=1, random_state=1)
        index[:] = reordered.to_numpy()
        return [stores[0], make_stores(name="shuffled")[1]]

    stores = make_stores()
    numbers = dict(zip(index["utterance"], range(len(index)), strict=True))
    with pytest.raises(FoldError, match="the labels and lengths of"):
        shared_utterances(shuffled(stores))  # other lengths at other names
    assert list(shared_utterances(stores)["utterance"]) == list(numbers)


# --- leaks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [0, 1])
@pytest.mark.parametrize("part", ["mean", "std"])
def test_statistics_of_the_test_speaker(open_fold, folds, tmp_path, stream, part):
    fold = open_fold()
    planted = fold.stores[stream].moments(TESTS)
    values = {"mean": planted.mean, "std": np.sqrt(planted.m2 / planted.count)}
    of_train = fold.statistics[stream]
    arrays = {"mean": of_train.mean, "std": of_train.std} | {part: values[part]}
    Statistics(**arrays, speakers=of_train.speakers).save(files(tmp_path)[stream])
    with pytest.raises(FoldError, match=f"{stream}.npz: expected mean and std of the training"):
        Fold(fold.stores, tmp_path / "1.csv", files(tmp_path), folds, fold.emotions)


@pytest.mark.parametrize("stream", [0, 1])
def test_statistics_of_other_speakers(open_fold, folds, tmp_path, stream):
    fold = open_fold()
    split = fold.split.assign(role=fold.split["role"].replace("test", "train"))
    training_statistics(fold.stores[stream], split, "bin").save(files(tmp_path)[stream])
    with pytest.raises(FoldError, match=f"{stream}.npz: made from the speakers .*{TESTS}"):
        Fold(fold.stores, tmp_path / "1.csv", files(tmp_path), folds, fold.emotions)


@pytest.mark.parametrize("stream", [0, 1])
@pytest.mark.parametrize(
    "planted",
    [{"speaker": "s2M"}, {"emotion": "angry"}, {"session": "s2"}, {"gender": "F"}, {"seconds": 9}],
)
def test_a_recording_that_is_another_in_one_store(make_stores, stream, planted):
    def change(row, of):
        return row | planted if (row["utterance"], of) == (f"{TESTS}_sad0", stream) else row

    with pytest.raises(FoldError, match=f"store1.h5: .*labels and lengths.*first: {TESTS}_sad0"):
        shared_utterances(make_stores(change=change))


def test_a_fold_refuses_stores_of_different_recordings(make_stores, open_fold, folds, tmp_path):
    fold = open_fold()

    def change(row, stream):
        return row | {"seconds": 9} if row["utterance"] == f"{TESTS}_sad0" else row

    stores = [fold.stores[0], make_stores(change=change, name="other")[1]]
    with pytest.raises(FoldError, match="other1.h5: .*labels and lengths"):
        Fold(stores, tmp_path / "1.csv", files(tmp_path), folds, fold.emotions)


def test_stores_of_two_corpora(make_stores, index):
    stores = make_stores()
    index["utterance"] = "other" + index["utterance"]
    with pytest.raises(FoldError, match="found none of them; extract both from the same corpus"):
        shared_utterances([stores[0], make_stores(name="other")[1]])


def test_the_identity_is_of_both(open_fold):
    fold = open_fold()
    before = fold.identity()
    assert open_fold().identity() == before
    for store in fold.stores:
        mean = store._moments["s2F"].mean
        mean[...] += 1e-3
        assert fold.identity() != before
        mean[...] -= 1e-3
    alone = Fold(
        fold.stores[:1],
        fold.stores[0].path.with_name("1.csv"),
        files(fold.stores[0].path.parent)[:1],
        fold.settings,
        fold.emotions,
    )
    assert alone.identity() != before
