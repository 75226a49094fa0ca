"""A test speaker is planted in the training data at each place where that could happen."""

import shutil

import h5py
import numpy as np
import pandas as pd
import pytest
import soundfile

from sernas.base.errors import CorpusError, FoldError, StoreError
from sernas.corpora.registry import read_corpus
from sernas.features.store import FeatureStore
from sernas.folds.fold import Fold
from sernas.folds.segments import SegmentData, UtteranceData
from sernas.folds.split import make_folds, read_split, write_split
from sernas.folds.statistics import Statistics, training_statistics
from sernas.settings.corpus import CorpusSettings

TESTS, TRAINS = "s1M", "s2M"  # in fold 1


@pytest.fixture
def store(make_store):
    return make_store()


@pytest.fixture
def files(store, index, settings, emotions, tmp_path):
    """The files of folds 1 and 2, by name."""
    for k, split in make_folds(index, settings(), emotions).items():
        write_split(split, tmp_path / f"{k}.csv")
        training_statistics(store, split, "bin").save(tmp_path / f"{k}.npz")
    return tmp_path


@pytest.fixture
def open_fold(files, settings, emotions):
    """Opens fold 1 from the files as they are now."""

    def make(store, **changes):
        return Fold((store,), files / "1.csv", (files / "1.npz",), settings(**changes), emotions)

    return make


def test_without_a_plant_nothing_is_wrong(store, open_fold):
    fold = open_fold(store)
    assert TESTS not in {name[:3] for name in fold.segments("train").utterances}


# --- the manifest -------------------------------------------------------------------------------


def manifest(root, *rows):
    root.mkdir()
    for name in "abcd":
        soundfile.write(root / f"{name}.wav", np.sin(np.arange(8000) / (5 + ord(name) % 7)), 16000)
    lines = ["path,speaker,emotion,session,gender", *rows]
    (root / "manifest.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_corpus(CorpusSettings("manifest", str(root), ("angry", "sad")))


@pytest.mark.parametrize(
    ("planted", "message"),
    [
        ("c.wav,A,sad,2,F", "one session a speaker, found '2' for speaker A"),
        ("c.wav,A,sad,1,M", "one gender a speaker, found 'M' for speaker A"),
        ("a.wav,C,sad,2,F", "each path once, found 'a.wav'"),
        ("./b/../a.wav,C,sad,2,F", "each path once, found 'a.wav'"),
        ("a.flac,C,sad,2,F", "each utterance once, found 'a'"),
        (
            "c.wav,a,sad,2,F",
            "line 4: .*found 'a' and, in .*, line 2, 'A', ",
        ),
        ("link.wav,C,sad,2,F", "link.wav is the same file as a.wav; label it once"),
        ("hard.wav,C,sad,2,F", "hard.wav is the same file as a.wav; label it once"),
        ("folder/a.wav,C,sad,2,F", "folder/a.wav is the same file as a.wav; label it once"),
    ],
)
def test_a_manifest_with_one_person_or_recording_twice(tmp_path, planted, message):
    root = tmp_path / "corpus"
    manifest(root, "a.wav,A,sad,1,F", "b.wav,B,angry,1,M", "c.wav,C,sad,2,F")
    (root / "link.wav").symlink_to("a.wav")
    (root / "hard.wav").hardlink_to(root / "a.wav")
    (root / "folder").symlink_to(".")
    text = (root / "manifest.csv").read_text() + planted + "\n"
    (root / "manifest.csv").write_text(text.replace("c.wav,C,sad,2,F\n", "", 1))
    with pytest.raises(CorpusError, match=message):
        read_corpus(CorpusSettings("manifest", str(root), ("angry", "sad")))


def test_a_name_in_two_encodings(tmp_path):
    with pytest.raises(CorpusError, match="line 3: expected one spelling .*, line 2, "):
        manifest(tmp_path / "corpus", "a.wav,\u00e9,sad,1,F", "b.wav,e\u0301,angry,2,F")


# --- the split ----------------------------------------------------------------------------------


def edited(path, change):
    split = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(split).to_csv(path, index=False)


def one_trains(split):
    split.loc[split["utterance"] == f"{TESTS}_sad0", "role"] = "train"
    return split


def all_train(split):
    return split.assign(role=split["role"].where(split["speaker"] != TESTS, "train"))


def twice(split):
    planted = split[split["speaker"] == TESTS].assign(role="train")
    return pd.concat([split, planted])


def twice_under_another_name(split):
    return twice(split).assign(speaker=[*split["speaker"], *[TRAINS] * 6])


def roleless(split):
    split.loc[split["speaker"] == TESTS, "role"] = ""
    return split


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (one_trains, f"each speaker in one role, found {TESTS} in several"),
        (all_train, "utterances for test, found none"),
        (twice, f"each utterance once, found {TESTS}_neutral0"),
        (twice_under_another_name, f"each utterance once, found {TESTS}_neutral0"),
        (roleless, "expected role to be one of train, validation, test, found"),
        (lambda split: split.drop(columns="role"), "expected columns utterance,.*role, found"),
        (lambda split: split.assign(more="x"), "expected columns .*, found .*,more"),
        (lambda split: split.replace("test", "Test"), "one of train, validation, test, found Test"),
        (lambda split: split.replace("validation", "train"), "for validation, found none"),
    ],
)
def test_an_edited_split(store, open_fold, files, emotions, change, message):
    edited(files / "1.csv", change)
    with pytest.raises(FoldError, match=f"1.csv: .*{message}"):
        read_split(files / "1.csv", emotions)
    with pytest.raises(FoldError, match=message):
        open_fold(store)


@pytest.mark.parametrize("first", [1, -1])  # in every row, in the last one
@pytest.mark.parametrize("change", [lambda row: row.rpartition(",")[0], lambda row: row + ",test"])
def test_a_split_of_ragged_rows(files, emotions, first, change):
    lines = (files / "1.csv").read_text().splitlines()
    lines[first:] = map(change, lines[first:])
    (files / "1.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(FoldError, match="1.csv: expected (a split as CSV|role to be one of)"):
        read_split(files / "1.csv", emotions)


def test_a_test_speaker_under_the_name_of_one_who_trains(store, open_fold, files, emotions):
    """A split that is sound in itself, with statistics to it: the store knows better."""

    def renamed(split):
        split.loc[split["speaker"] == TESTS, ["speaker", "role"]] = TRAINS, "train"
        split.loc[split["speaker"] == "s3M", "role"] = "test"
        return split

    edited(files / "1.csv", renamed)
    with pytest.raises(FoldError, match="1.npz: made from the speakers"):
        open_fold(store)
    split = read_split(files / "1.csv", emotions)
    training_statistics(store, split, "bin").save(files / "1.npz")
    with pytest.raises(FoldError, match=f"different: {TESTS}_.*make the split again"):
        open_fold(store).segments("train")


def test_an_utterance_of_the_test_speaker_under_another_name(store, open_fold, files):
    """Roles and speakers agree with one another, and with nothing in the store."""

    def swapped(split):
        mine, other = f"{TESTS}_sad0", f"{TRAINS}_sad0"
        return split.replace({"utterance": {mine: other, other: mine}})

    edited(files / "1.csv", swapped)
    fold = open_fold(store)
    with pytest.raises(FoldError, match=f"train utterances .* different: {TESTS}_sad0"):
        fold.segments("train")
    with pytest.raises(FoldError, match=f"test utterances .* different: {TRAINS}_sad0"):
        fold.utterances("test")


# --- the statistics -----------------------------------------------------------------------------


def test_statistics_of_another_fold(store, open_fold, files):
    shutil.copy(files / "2.npz", files / "1.npz")
    with pytest.raises(FoldError, match=f"1.npz: made from the speakers .*{TESTS}.*delete both"):
        open_fold(store)


@pytest.mark.parametrize("part", ["mean", "std"])
def test_statistics_of_the_test_speaker_under_the_names_of_those_who_train(
    store, open_fold, files, part
):
    planted = store.moments(TESTS)
    values = {"mean": planted.mean, "std": np.sqrt(planted.m2 / planted.count)}
    of_train = Statistics.load(files / "1.npz")
    arrays = {"mean": of_train.mean, "std": of_train.std} | {part: values[part]}
    Statistics(**arrays, speakers=of_train.speakers).save(files / "1.npz")
    with pytest.raises(FoldError, match="1.npz: expected mean and std of the training speakers"):
        open_fold(store)


def test_statistics_to_which_the_test_speaker_was_added(store, open_fold, files, index):
    split = read_split(files / "1.csv", ("neutral", "angry", "sad"))
    wider = training_statistics(store, all_train(split), "bin")
    Statistics(wider.mean, wider.std, wider.speakers).save(files / "1.npz")
    with pytest.raises(FoldError, match=f"1.npz: made from the speakers {TESTS}"):
        open_fold(store)
    Statistics(wider.mean, wider.std, tuple(sorted({*wider.speakers} - {TESTS}))).save(
        files / "1.npz"
    )
    with pytest.raises(FoldError, match="1.npz: expected mean and std of the training speakers"):
        open_fold(store)


def test_statistics_of_another_setting(store, open_fold):
    with pytest.raises(FoldError, match="1.npz: expected mean and std of the training speakers"):
        open_fold(store, normalise="global")


@pytest.mark.parametrize(
    "arrays",
    [
        {"mean": np.zeros(5), "std": np.ones(5)},
        {"mean": np.full(12, np.nan), "std": np.ones(12)},
        {"mean": np.array(["a"] * 12), "std": np.ones(12)},
        {"mean": np.zeros(()), "std": np.ones(())},
    ],
)
def test_statistics_that_fit_no_store(store, open_fold, files, arrays):
    speakers = Statistics.load(files / "1.npz").speakers
    np.savez(files / "1.npz", **arrays, speakers=speakers)
    with pytest.raises(FoldError, match="1.npz: expected .*delete"):
        open_fold(store)


# --- the store ----------------------------------------------------------------------------------


def planted_in(store, name, change):
    """A copy of the store, whose ``name`` was changed."""
    path = store.path.with_name("planted.h5")
    shutil.copy(store.path, path)
    with h5py.File(path, "a") as file:
        values = file[name][:]
        file[name][...] = change(values)
    return path


def renamed(values):
    return [TRAINS if name == TESTS.encode() else name for name in values]


def test_a_store_in_which_the_test_speaker_has_another_name(store, make_store, open_fold, index):
    with pytest.raises(StoreError, match="planted.h5.*moments"):
        FeatureStore(planted_in(store, "index/speaker", renamed))
    index["speaker"] = index["speaker"].replace(TESTS, TRAINS)  # consistently, from the start
    fold_error = "split's 6 test utterances|mean and std of the training speakers"
    with pytest.raises(FoldError, match=fold_error):
        open_fold(make_store(name="other.h5")).utterances("test")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("index/start", lambda starts: starts[[6, *range(1, len(starts))]]),  # first reads seventh
        ("index/start", np.zeros_like),
        ("index/frames", lambda frames: frames + (np.arange(len(frames)) == 3)),
        ("index/utterance", lambda names: [names[7], *names[1:]]),
        ("moments/speaker", lambda names: names[::-1]),
        ("moments/count", lambda counts: counts + 1),
    ],
)
def test_a_store_whose_rows_are_others(store, name, change):
    with pytest.raises(StoreError, match="planted.h5: .*delete it and run again"):
        FeatureStore(planted_in(store, name, change))


def test_a_store_whose_moments_hold_the_test_speaker(store, open_fold, files, settings, emotions):
    """Consistent counts, and means that another speaker had a part in."""
    speakers = list(dict.fromkeys(store.index["speaker"]))
    mean = store.moments(TESTS).mean

    def change(means):
        means[speakers.index(TRAINS)] = mean
        return means

    path = planted_in(store, "moments/mean", change)
    with FeatureStore(path) as planted, pytest.raises(FoldError, match="expected mean and std"):
        open_fold(planted)


# --- the code -----------------------------------------------------------------------------------


def test_no_segments_are_made_of_test_speakers(store, open_fold):
    with pytest.raises(FoldError, match="role train, validation, found a request for 'test'"):
        open_fold(store).segments("test")


@pytest.mark.parametrize("role", ["tset", "", "Train", None])
def test_no_data_of_an_unknown_role(store, open_fold, settings, emotions, role):
    fold = open_fold(store)
    for ask in (
        lambda: fold.segments(role),
        lambda: fold.utterances(role),
        lambda: SegmentData((store,), fold.split, role, fold.statistics, settings(), emotions),
        lambda: UtteranceData((store,), fold.split, role, fold.statistics, settings(), emotions),
    ):
        with pytest.raises(FoldError, match=f"found a request for {role!r}"):
            ask()
