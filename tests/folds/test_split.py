import pandas as pd
import pytest

from sernas.base.errors import FoldError
from sernas.folds.split import make_folds, read_split, write_split


def speakers(split, role):
    return set(split["speaker"][split["role"] == role])


def many(count):
    """An index of ``count`` speakers without sessions."""
    rows = [
        (f"{speaker:02}_{emotion}", f"{speaker:02}", "", "", emotion)
        for speaker in range(count)
        for emotion in ("neutral", "angry", "sad")
    ]
    return pd.DataFrame(rows, columns=["utterance", "speaker", "session", "gender", "emotion"])


@pytest.mark.parametrize(("side", "other"), [("F", "M"), ("M", "F")])
def test_a_session_is_held_out_and_its_speakers_share_the_roles(
    index, settings, emotions, side, other
):
    shuffled = index.sample(frac=1, random_state=0)
    folds = make_folds(shuffled, settings(validation=side), emotions)
    assert list(folds) == [1, 2, 3]
    for k, split in folds.items():
        assert list(split.columns) == ["utterance", "speaker", "session", "emotion", "role"]
        assert list(split["utterance"]) == list(shuffled["utterance"])
        assert speakers(split, "validation") == {f"s{k}{side}"}
        assert speakers(split, "test") == {f"s{k}{other}"}
        assert speakers(split, "train") == {
            f"s{other}{gender}" for other in {1, 2, 3} - {k} for gender in "FM"
        }


def test_both_sides(index, settings, emotions):
    folds = make_folds(index, settings(validation="both"), emotions)
    females = make_folds(index, settings(validation="F"), emotions)
    males = make_folds(index, settings(validation="M"), emotions)
    assert list(folds) == [1, 2, 3, 4, 5, 6]
    for k in (1, 2, 3):
        pd.testing.assert_frame_equal(folds[k], females[k])
        pd.testing.assert_frame_equal(folds[k + 3], males[k])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda i: i[i["session"] != "s2"], "expected 3 sessions .* found 2: s1, s3"),
        (lambda i: i.assign(session=""), r"found 1: \(no name\).*folds.scheme to speaker"),
        (lambda i: i[i["speaker"] != "s2F"], r"session s2, found s2M \(M\);.*scheme to speaker"),
        (lambda i: i.assign(gender="F"), r"session s1, found s1F \(F\), s1M \(F\)"),
        (lambda i: i.replace({"gender": {"F": ""}}), r"session s1, found s1F \(\?\), s1M \(M\)"),
        (lambda i: i.replace({"speaker": {"s3F": "s2F"}}), "one session, found s2F in 2"),
    ],
)
def test_corpora_that_do_not_fit_the_session_scheme(index, settings, emotions, change, message):
    with pytest.raises(FoldError, match=message):
        make_folds(change(index), settings(), emotions)


@pytest.mark.parametrize(
    ("count", "folds", "validation"), [(9, 3, 2), (10, 4, 1), (7, 5, 3), (3, 3, 1), (4, 2, 1)]
)
def test_speakers_are_dealt_evenly_and_test_once(settings, emotions, count, folds, validation):
    made = make_folds(
        many(count),
        settings(scheme="speaker", count=folds, validation_speakers=validation),
        emotions,
    )
    tested = [speaker for split in made.values() for speaker in speakers(split, "test")]
    assert sorted(tested) == sorted(set(many(count)["speaker"]))
    sizes = [len(speakers(split, "test")) for split in made.values()]
    assert max(sizes) - min(sizes) <= 1
    for split in made.values():
        roles = [speakers(split, role) for role in ("train", "validation", "test")]
        assert len(roles[1]) == validation
        assert sum(map(len, roles)) == len(set.union(*roles)) == count


def test_the_seed_alone_decides_who_tests(settings, emotions):
    def first(seed, frame):
        made = make_folds(frame, settings(scheme="speaker", seed=seed), emotions)
        return speakers(made[1], "test")

    frame = many(9)
    assert first(1, frame) == first(1, frame.sample(frac=1, random_state=3))
    assert len({frozenset(first(seed, frame)) for seed in range(5)}) > 1


def test_validation_follows_test_in_the_circle(settings, emotions):
    made = make_folds(many(9), settings(scheme="speaker", validation_speakers=3), emotions)
    for k in (1, 2, 3):
        assert speakers(made[k], "validation") == speakers(made[k % 3 + 1], "test")


def test_speaker_scheme_works_with_sessions_too(index, settings, emotions):
    made = make_folds(index, settings(scheme="speaker"), emotions)
    assert {len(speakers(split, "test")) for split in made.values()} == {2}


@pytest.mark.parametrize(
    ("count", "validation", "needed"), [(3, 1, 3), (3, 2, 5), (5, 1, 5), (2, 1, 4)]
)
def test_too_few_speakers(settings, emotions, count, validation, needed):
    fold_settings = settings(scheme="speaker", count=count, validation_speakers=validation)
    with pytest.raises(FoldError, match=f"at least {needed} speakers .*found {needed - 1}: 00, "):
        make_folds(many(needed - 1), fold_settings, emotions)
    assert len(make_folds(many(needed), fold_settings, emotions)) == count


def test_one_fold_is_none(settings, emotions):
    with pytest.raises(FoldError, match="folds.count of 2 or more"):
        make_folds(many(9), settings(scheme="speaker", count=1), emotions)


def test_who_tests_may_lack_an_emotion(index, settings, emotions):
    lacking = index[~((index["speaker"] == "s2M") & (index["emotion"] == "sad"))]
    folds = make_folds(lacking, settings(), emotions)
    assert set(folds[2].query("role == 'test'")["emotion"]) == {"neutral", "angry"}


def test_an_emotion_that_no_fold_tests(index, settings, emotions):
    lacking = index[~((index["gender"] == "M") & (index["emotion"] == "sad"))]
    with pytest.raises(FoldError, match="to be tested in some fold, found no utterance of sad of"):
        make_folds(lacking, settings(), emotions)


def test_validation_goes_on_in_the_circle_to_speakers_who_have_all(settings, emotions):
    """One speaker lacks an emotion: folds in which that speaker does not validate stay the same."""
    whole = many(7)
    alone = settings(scheme="speaker", count=7)
    before = make_folds(whole, alone, emotions)
    after = make_folds(whole.query("utterance != '03_sad'"), alone, emotions)
    for k in before:
        following = speakers(before[k], "validation")
        if following == {"03"}:
            following = speakers(before[k % 7 + 1], "validation")
        assert speakers(after[k], "validation") == following
        assert speakers(after[k], "test") == speakers(before[k], "test")


def test_files_are_checked_when_read(index, settings, emotions, tmp_path):
    split = make_folds(index.replace("s1F", "NA"), settings(), emotions)[1]
    path = tmp_path / "fold1.csv"
    write_split(split, path)
    pd.testing.assert_frame_equal(read_split(path, emotions), split, check_dtype=False)
    content = path.read_text()
    path.write_text(content.replace("s2,angry,train", "s2,angry,test"))
    with pytest.raises(FoldError, match="fold1.csv: expected each speaker in one role, found s2F"):
        read_split(path, emotions)


@pytest.mark.parametrize(
    "content", [None, b"", b"a,b\n1,2\n", b"utterance\xff\n", b"a,b\n1,2,3,4\n5,6,7,8,9\n"]
)
def test_files_that_are_no_split(tmp_path, emotions, content):
    path = tmp_path / "fold1.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FoldError, match="fold1.csv: expected .*run again"):
        read_split(path, emotions)


def test_inner_folds_test_each_speaker_that_does_not_test_outside_once(settings, emotions):
    """Of each outer fold in turn; whoever tests outside has no role at all."""
    outer = make_folds(many(9), settings(scheme="speaker"), emotions)
    inner = make_folds(many(9), settings(scheme="speaker", inner=2), emotions)
    assert list(inner) == [1, 2, 3, 4, 5, 6]
    for k, split in outer.items():
        within = [inner[2 * k - 1], inner[2 * k]]
        left = set(many(9)["speaker"]) - speakers(split, "test")
        assert all(set(each["speaker"]) == left for each in within)
        tested = [speaker for each in within for speaker in speakers(each, "test")]
        assert sorted(tested) == sorted(left)


def test_inner_folds_of_sessions_are_groups_of_speakers(index, settings, emotions):
    folds = make_folds(index, settings(inner=2), emotions)
    assert "s1M" not in set(folds[1]["speaker"]) | set(folds[2]["speaker"])
    assert speakers(folds[1], "test") | speakers(folds[2], "test") == {
        speaker for speaker in set(index["speaker"]) if speaker != "s1M"
    }


def test_inner_folds_that_do_not_fit_say_within_which(settings, emotions):
    with pytest.raises(FoldError, match="within fold 1, whose folds.count is folds.inner: .*least"):
        make_folds(many(4), settings(scheme="speaker", inner=4), emotions)
