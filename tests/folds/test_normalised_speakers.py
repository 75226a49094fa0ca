"""Frames normalised by what is known of their own speaker alone."""

import numpy as np
import pytest
import torch

from sernas.features.moments import Moments
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.folds.checks import ROLES
from sernas.folds.fold import Fold
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import speaker_statistics, training_statistics

TESTS, VALIDATES = "s1M", "s1F"  # in fold 1
SPEAKERS = {"s1F", "s1M", "s2F", "s2M", "s3F", "s3M"}
OWN = ("mean", "mean_std")


@pytest.fixture
def open_fold(index, settings, emotions, tmp_path):
    """Opens fold 1 of a store."""

    def make(store, **changes):
        how = settings(**changes)
        split = make_folds(store.index, how, emotions)[1]
        write_split(split, tmp_path / "1.csv")
        arguments = how.normalise, how.normalise_speakers
        training_statistics(store, split, *arguments).save(tmp_path / "1.npz")
        return Fold((store,), tmp_path / "1.csv", (tmp_path / "1.npz",), how, emotions)

    return make


@pytest.fixture
def apart(make_store):
    """Makes a store whose speakers lie far apart, and may be changed further."""

    def make(change=lambda row, frames: frames, name="f.h5"):
        def moved(row, frames):
            number = sorted(SPEAKERS).index(row.speaker)
            return change(row, frames * (1 + number / 3) + 10 * number)

        return make_store(moved, name)

    return make


def by_speaker(fold):
    """All frames (F, T) of each speaker, as whole utterances have them."""
    found = {}
    for role in ROLES:
        data = fold.utterances(role)
        for i, speaker in enumerate(data.table["speaker"]):
            found.setdefault(speaker, []).append(data.features(i)[0])
    return {speaker: torch.cat(each, dim=1).double() for speaker, each in found.items()}


@pytest.mark.parametrize("normalise", ["bin", "global"])
def test_each_speaker_has_mean_zero_and_his_own_or_the_training_speakers_spread(
    apart, open_fold, normalise
):
    over = {"dim": 1} if normalise == "bin" else {}
    own = by_speaker(open_fold(apart(), normalise=normalise, normalise_speakers="mean_std"))
    shift = by_speaker(open_fold(apart(), normalise=normalise, normalise_speakers="mean"))
    assert set(own) == set(shift) == SPEAKERS
    for speaker in SPEAKERS:
        for found in (own[speaker], shift[speaker]):
            assert found.mean(**over).abs().max() < 1e-5
        assert (own[speaker].std(**over, correction=0) - 1).abs().max() < 1e-5
    training = torch.cat([shift[speaker] for speaker in SPEAKERS - {TESTS, VALIDATES}], dim=1)
    assert (training.std(**over, correction=0) - 1).abs().max() < 1e-5
    assert (shift[TESTS].std(**over, correction=0) - 1).abs().min() > 0.1  # not his own


def test_segments_and_utterances_are_normalised_alike(apart, open_fold):
    fold = open_fold(apart(), normalise_speakers="mean_std")
    segments, utterances = fold.segments("validation"), fold.utterances("validation")
    first = segments.batch([0])[0][0, 0]
    frames = min(first.shape[1], utterances.features(0).shape[2])
    assert torch.equal(first[:, :frames], utterances.features(0)[0, :, :frames])


@pytest.mark.parametrize("normalise_speakers", OWN)
def test_a_test_speaker_depends_on_no_other_held_out_and_on_no_label(
    apart, open_fold, normalise_speakers
):
    def louder(speaker):
        return lambda row, frames: frames * 2 + 3 if row.speaker == speaker else frames

    def of(store):
        return by_speaker(open_fold(store, normalise_speakers=normalise_speakers))

    plain, validation = of(apart()), of(apart(louder(VALIDATES), "v.h5"))
    test, training = of(apart(louder(TESTS), "t.h5")), of(apart(louder("s2F"), "s.h5"))
    assert torch.equal(validation[TESTS], plain[TESTS])
    for speaker in SPEAKERS - {TESTS}:
        assert torch.equal(test[speaker], plain[speaker])
    assert torch.equal(training[TESTS], plain[TESTS]) == (normalise_speakers == "mean_std")
    store = apart()
    own = store.index["speaker"] == TESTS
    store.index.loc[own, "emotion"] = store.index.loc[own, "emotion"].to_numpy()[::-1]
    assert torch.equal(of(store)[TESTS], plain[TESTS])


@pytest.mark.parametrize("normalise_speakers", OWN)
def test_a_single_utterance_is_as_a_speaker_who_has_no_other(
    apart, index, tmp_path, open_fold, normalise_speakers
):
    store, kept = apart(), f"{TESTS}_sad0"
    with open_writer(tmp_path / "alone.h5", 36 * 60, store.settings) as writer:
        for row in store.index.itertuples():
            if row.speaker != TESTS or row.utterance == kept:
                part = np.array(store.read(row.start, row.frames))
                labels = {name: getattr(row, name) for name in index.columns}
                writer.append(part, Moments.of(part), 1.0, "", **labels)
    alone = open_fold(FeatureStore(tmp_path / "alone.h5"), normalise_speakers=normalise_speakers)
    expected = by_speaker(alone)[TESTS]
    fold = open_fold(store, normalise_speakers=normalise_speakers)
    [row] = store.index[store.index["utterance"] == kept].itertuples()
    frames = np.array(store.read(row.start, row.frames))
    mean, std = speaker_statistics(Moments.of(frames), fold.statistics[0], fold.settings)
    np.testing.assert_array_equal(((frames - mean) / std).T, expected)
    among_others = speaker_statistics(store.moments(TESTS), fold.statistics[0], fold.settings)[0]
    assert np.abs(mean - among_others).max() > 0.1


def test_a_setting_is_another_fold(apart, open_fold):
    found = {open_fold(apart(), normalise_speakers=how).identity() for how in ("none", *OWN)}
    assert len(found) == 3
