import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded

from sernas.base.errors import FoldError
from sernas.folds.cut import cut
from sernas.folds.segments import SegmentData, UtteranceData, batches
from sernas.folds.split import make_folds
from sernas.folds.statistics import training_statistics


@pytest.mark.parametrize(
    ("frames", "length", "hop", "expected"),
    [
        (1, 200, 200, [(0, 1)]),
        (199, 200, 200, [(0, 199)]),
        (200, 200, 200, [(0, 200)]),
        (201, 200, 200, [(0, 200), (200, 1)]),
        (400, 200, 200, [(0, 200), (200, 200)]),
        (430, 200, 200, [(0, 200), (200, 200), (400, 30)]),
        (100, 200, 100, [(0, 100)]),
        (200, 200, 100, [(0, 200)]),
        (201, 200, 100, [(0, 200), (100, 101)]),
        (300, 200, 100, [(0, 200), (100, 200)]),
        (301, 200, 100, [(0, 200), (100, 200), (200, 101)]),
        (12, 10, 3, [(0, 10), (3, 9)]),
    ],
)
def test_cut(frames, length, hop, expected):
    assert cut(frames, length, hop) == expected


def test_cut_covers_every_frame_and_wastes_no_segment():
    for frames in range(1, 60):
        for length in range(1, 12):
            for hop in range(1, length + 1):
                spans = cut(frames, length, hop)
                covered = {t for start, n in spans for t in range(start, start + n)}
                assert covered == set(range(frames))
                assert all(start + length < frames for start, _ in spans[:-1])


@bounded(300)
@given(
    frames=st.integers(1, 400),
    length=st.integers(1, 60),
    data=st.data(),
)
def test_a_last_segment_that_is_shifted_or_dropped(frames, length, data):
    hop = data.draw(st.integers(1, length))
    padded, shifted, dropped = (cut(frames, length, hop, tail) for tail in ("pad", "shift", "drop"))
    whole = [span for span in padded if span[1] == length]
    if frames < length:
        assert padded == shifted == dropped == [(0, frames)]
        return
    assert dropped == whole
    assert shifted[: len(whole)] == whole
    assert shifted[-1] == (frames - length, length)  # to the end
    assert len(shifted) == len(padded)
    assert len(set(shifted)) == len(shifted)


def test_batches_are_a_permutation():
    found = list(batches(10, 4, torch.Generator().manual_seed(3)))
    again = list(batches(10, 4, torch.Generator().manual_seed(3)))
    other = list(batches(10, 4, torch.Generator().manual_seed(4)))
    assert [len(batch) for batch in found] == [4, 4, 2]
    assert sorted(np.concatenate(found)) == list(range(10))
    np.testing.assert_array_equal(np.concatenate(found), np.concatenate(again))
    assert (np.concatenate(found) != np.concatenate(other)).any()


@pytest.fixture
def opened(make_store, index, settings, emotions):
    """(store, split, statistics) of fold 1."""
    store = make_store()
    split = make_folds(index, settings(), emotions)[1]
    return store, split, training_statistics(store, split, "bin")


@pytest.mark.parametrize("overlap", [0.0, 0.1])
def test_segments_hold_their_frames_then_zeros(opened, settings, emotions, overlap):
    store, split, statistics = opened
    data = SegmentData(
        (store,), split, "train", (statistics,), settings(overlap_s=overlap), emotions
    )
    hop = 20 - round(100 * overlap)
    expected = []
    for row in store.index.itertuples():
        if row.speaker in statistics.speakers:
            frames = store.read(row.start, row.frames).astype(np.float32)
            normalised = (frames - statistics.mean) / statistics.std
            for start, n in cut(row.frames, 20, hop):
                padded = np.zeros((12, 20), np.float32)
                padded[:, :n] = normalised[start : start + n].T
                expected.append((row.utterance, emotions.index(row.emotion), padded))
    assert len(data) == len(expected) > 24
    assert data.utterances == [name for name, _, _ in expected]
    assert data.labels.dtype == torch.int64
    assert data.labels.tolist() == [label for _, label, _ in expected]
    order = np.random.default_rng(0).permutation(len(data))
    x, y = data.batch(order)
    assert x.shape == (len(data), 1, 12, 20)
    assert x.dtype == torch.float32
    assert x.is_contiguous()
    for place, i in enumerate(order):
        np.testing.assert_allclose(x[place, 0], expected[i][2], rtol=1e-6, atol=1e-7)
        np.testing.assert_array_equal(x[place, 0] == 0, expected[i][2] == 0)
        assert y[place] == expected[i][1]


@pytest.mark.parametrize(("tail", "padded"), [("shift", False), ("drop", False), ("pad", True)])
def test_only_short_utterances_are_padded_where_tails_are_not(
    opened, settings, emotions, tail, padded
):
    store, split, statistics = opened
    data = SegmentData((store,), split, "train", (statistics,), settings(tail=tail), emotions)
    x, _ = data.batch(range(len(data)))
    long = set(store.index["utterance"][store.index["frames"] >= 20])
    of_long = [i for i, name in enumerate(data.utterances) if name in long]
    assert bool((x[of_long, 0].abs().amax(1)[:, -1] == 0).any()) == padded
    assert set(data.utterances) == set(split["utterance"][split["role"] == "train"])


def test_short_utterances_are_repeated_and_tails_of_long_ones_are_not(opened, settings, emotions):
    store, split, statistics = opened
    args = (store,), split, "train", (statistics,)
    data = SegmentData(*args, settings(short="repeat"), emotions)
    x, _ = data.batch(range(len(data)))
    padded, _ = SegmentData(*args, settings(), emotions).batch(range(len(data)))
    lengths = store.index.set_index("utterance")["frames"][data.utterances].tolist()
    assert 0 < sum(n < 20 for n in lengths) < len(data)
    for repeated, expected, n in zip(x, padded, lengths, strict=True):
        if n < 20:
            expected = torch.cat([expected[..., :n]] * 4, -1)[..., :20]
        torch.testing.assert_close(repeated, expected, rtol=0, atol=0)


def test_utterances_are_whole(opened, settings, emotions):
    store, split, statistics = opened
    data = UtteranceData((store,), split, "test", (statistics,), settings(), emotions)
    rows = store.index[store.index["speaker"] == "s1M"].reset_index(drop=True)
    assert len(data) == len(rows) == 6
    columns = ["utterance", "speaker", "emotion", "seconds"]
    assert data.table.to_dict("list") == rows[columns].to_dict("list")
    assert data.labels.tolist() == [0, 0, 1, 1, 2, 2]
    for i, row in enumerate(rows.itertuples()):
        frames = store.read(row.start, row.frames).astype(np.float32)
        found = data.features(i)
        assert found.shape == (1, 12, row.frames)
        expected = ((frames - statistics.mean) / statistics.std).T
        np.testing.assert_allclose(found[0], expected, rtol=1e-6, atol=1e-7)


def test_labels_follow_the_order_of_the_emotions(opened, settings, emotions):
    store, split, statistics = opened
    data = UtteranceData((store,), split, "test", (statistics,), settings(), emotions[::-1])
    assert data.labels.tolist() == [2, 2, 1, 1, 0, 0]


def test_training_sees_training_speakers_alone(opened, settings, emotions):
    store, split, statistics = opened
    data = SegmentData((store,), split, "train", (statistics,), settings(), emotions)
    assert {name[:3] for name in data.utterances} == {"s2F", "s2M", "s3F", "s3M"}


@pytest.mark.parametrize(
    "change", [{"s1M_sad1": "other"}, {"s1M": "s1X"}, {"s1M_sad1": "s1M_sad9"}]
)
def test_a_split_of_another_store(opened, settings, emotions, change):
    store, split, statistics = opened
    with pytest.raises(FoldError, match="split's 6 test utterances .*make the split again"):
        UtteranceData((store,), split.replace(change), "test", (statistics,), settings(), emotions)


def test_an_emotion_edited_in_the_split(opened, settings, emotions):
    store, split, statistics = opened
    split.loc[split["utterance"] == "s1M_sad1", "emotion"] = "angry"
    with pytest.raises(FoldError, match="different: s1M_sad1"):
        UtteranceData((store,), split, "test", (statistics,), settings(), emotions)


def test_segments_that_do_not_advance(opened, settings, emotions):
    store, split, statistics = opened
    for times in ({"overlap_s": 0.198}, {"segment_s": 0.001}):
        with pytest.raises(FoldError, match="advance by a frame of 10 ms"):
            SegmentData((store,), split, "train", (statistics,), settings(**times), emotions)


def test_crops_begin_elsewhere_each_in_its_part_of_the_utterance(
    make_store, index, settings, emotions
):
    """A frame's values are its number."""
    store = make_store(lambda _, frames: np.arange(len(frames))[:, None] + 0 * frames)
    split = make_folds(index, settings(), emotions)[1]
    statistics = training_statistics(store, split, "bin")
    data = SegmentData((store,), split, "train", (statistics,), settings(), emotions)
    before, labels = data.batch(range(len(data)))
    frames = store.index.set_index("utterance").frames[data.utterances].to_numpy()
    whole, begun = frames >= 20, set()
    for seed in range(40):
        data.crop(np.random.default_rng(seed))
        x, y = data.batch(range(len(data)))
        assert torch.equal(y, labels)
        assert torch.equal(x[~whole], before[~whole])
        numbers = (x[whole, 0, 0] * statistics.std[0] + statistics.mean[0]).round().int()
        assert torch.equal(numbers, numbers[:, :1] + torch.arange(20))
        starts = numbers[:, 0].numpy()
        assert (starts + 20 <= frames[whole]).all()
        names = np.array(data.utterances)[whole]
        assert (np.diff(starts)[names[1:] == names[:-1]] >= 0).all()
        begun |= set(zip(names.tolist(), starts.tolist(), strict=True))
    longest = data.utterances[frames.argmax()]
    found = {start for name, start in begun if name == longest}
    assert found == set(range(frames.max() - 20 + 1))
    data.crop(np.random.default_rng(0))
    again = data.batch(range(len(data)))[0]
    data.crop(np.random.default_rng(0))
    assert torch.equal(data.batch(range(len(data)))[0], again)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"short": "repeat"},
        {"tail": "shift", "normalise_speakers": "both"},
        {"overlap_s": 0.1, "short": "repeat", "normalise_speakers": "mean"},
    ],
)
def test_segments_of_frames_that_lie_together_are_the_same_to_the_bit(
    opened, settings, emotions, changes
):
    store, split, statistics = opened
    usual, together = (
        SegmentData((store,), split, "train", (statistics,), settings(**changes), emotions)
        for _ in range(2)
    )
    together._streams[0].frames.put(torch.device("cpu"))
    order = np.array_split(np.random.default_rng(1).permutation(len(usual)), 3)
    for seed in (None, 1, 2):
        for data in (usual, together) if seed else ():
            data.crop(np.random.default_rng(seed))
        found = list(together.in_turn(order))
        assert len(found) == 3
        for (x, y), (expected, labels) in zip(found, usual.in_turn(order), strict=True):
            assert torch.equal(x, expected)
            assert x.stride() == expected.stride()
            assert torch.equal(y, labels)
    assert list(together.in_turn([])) == []
