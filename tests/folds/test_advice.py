"""Whatever an error of the folds advises is tried here: it must work."""

import dataclasses
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sernas.base.errors import FoldError
from sernas.folds.split import make_folds
from sernas.settings.folds import FoldSettings

EMOTIONS = ("neutral", "angry", "happy", "sad")
NOT_SAD = EMOTIONS[:3]


def corpus(heard, sessions=False):
    """An index of the emotions of each speaker; of s1F and s1M with their session and gender."""
    rows = [
        (f"{who}_{emotion}", who, who[:-1] * sessions, who[-1] * sessions, emotion)
        for who, emotions in heard.items()
        for emotion in emotions
    ]
    return pd.DataFrame(rows, columns=["utterance", "speaker", "session", "gender", "emotion"])


def complete(*speakers):
    return dict.fromkeys(speakers, EMOTIONS)


def pairs(count):
    return complete(*(f"s{i}{gender}" for i in range(1, count + 1) for gender in "FM"))


def advice(index, settings, emotions=EMOTIONS, left_out=None):
    with pytest.raises(FoldError) as error:
        make_folds(index, settings, emotions, left_out)
    return str(error.value).partition("; ")[2]


def followed(text, index, settings, emotions):
    """The folds after what ``text`` says was done."""
    *others, last = text.removesuffix(": either works").split(", or ")
    changes = dict(re.findall(r"folds\.(\w+) to (\w+)", last))
    omitted = re.search("leave (.*?) out of emotions", last)
    if omitted:
        emotions = [e for e in emotions if e not in omitted[1].split(", ")]
        index = index[index["emotion"].isin(emotions)]
    record = re.search(r"record (.*?)( and set|:|$)", last)
    if record:
        added = []
        for what in record[1].split(" and "):
            new = re.match(r"(\d) more speakers? with every emotion", what)
            if new:
                added += [(f"+{i}", emotion) for i in range(int(new[1])) for emotion in emotions]
            else:
                named, speaker = what.split(" of ")
                added += [(speaker, emotion) for emotion in named.split(", ")]
        rows = pd.DataFrame(added, columns=["speaker", "emotion"])
        people = index.drop_duplicates("speaker")[["speaker", "session", "gender"]]
        rows = rows.merge(people, "left").fillna("")
        rows["utterance"] = rows["speaker"] + rows["emotion"] + "new"
        index = pd.concat([index, rows])
    kinds = {"scheme": str, "validation": str}
    changes = {name: kinds.get(name, int)(value) for name, value in changes.items()}
    return make_folds(index, dataclasses.replace(settings, **changes), emotions)


SPEAKER = {"scheme": "speaker"}
MORE = "record {} with every emotion and set folds.{}: no smaller change was found"


@pytest.mark.parametrize(
    ("index", "settings", "expected"),
    [
        (complete("A"), {**SPEAKER, "count": 2}, MORE.format("2 more speakers", "count to 3")),
        (complete("A", "B"), {**SPEAKER}, MORE.format("1 more speaker", "count to 3")),
        (complete("A", "B", "C"), {**SPEAKER, "count": 2}, "set folds.count to 3: that works"),
        (complete("A", "B", "C"), {**SPEAKER}, "set folds.count to 3: that works"),
        (
            complete(*"ABCD"),
            {**SPEAKER, "validation_speakers": 3},
            "set folds.count to 4 and folds.validation_speakers to 2: that works",
        ),
        (
            complete(*"ABCD"),
            {**SPEAKER, "count": 2, "validation_speakers": 2},
            "set folds.validation_speakers to 1: that works",
        ),
        (
            complete("A", "B") | dict.fromkeys("CDEF", NOT_SAD),
            {**SPEAKER, "count": 6},
            "record sad of C, or leave sad out of emotions: either works",
        ),
        (
            complete("A", "B", "C") | {"D": NOT_SAD},
            {**SPEAKER, "count": 2},
            "set folds.count to 4: that works",
        ),
    ],
)
def test_few_speakers_or_utterances(index, settings, expected):
    settings = FoldSettings(**settings)
    assert advice(corpus(index), settings) == expected
    assert followed(expected, corpus(index), settings, EMOTIONS)


@pytest.mark.parametrize(
    ("index", "changes", "expected"),
    [
        (corpus(pairs(6), True), {}, "set folds.count to 6: that works"),
        (corpus(pairs(4), True), {}, "set folds.count to 4: that works"),
        (corpus(pairs(5)), {}, "set folds.scheme to speaker: that works"),
        (corpus(pairs(2)), {}, "set folds.scheme to speaker and folds.count to 4: that works"),
        (corpus(pairs(5) | {"s2F": NOT_SAD}, True), {}, "set folds.validation to M: that works"),
        (
            corpus(pairs(5) | {"s2F": NOT_SAD, "s3M": NOT_SAD}, True),
            {},
            "set folds.scheme to speaker: that works",
        ),
        (
            corpus(pairs(5), True).query("speaker != 's2F'"),
            {},
            "complete the session, or set folds.scheme to speaker: that works",
        ),
        (
            corpus(pairs(5), True).replace({"gender": {"M": "F"}}),
            {},
            "complete the session, or set folds.scheme to speaker: that works",
        ),
        (
            corpus(pairs(5), True).replace({"speaker": {"s3F": "s2F"}}),
            {},
            "give different people different names in the manifest, or set folds.scheme to "
            "speaker: that works",
        ),
    ],
)
def test_sessions(index, changes, expected):
    settings = FoldSettings(**changes)
    assert advice(index, settings) == expected
    index["utterance"] = index["utterance"] + index["session"]
    assert followed(expected, index, settings, EMOTIONS)


@effort(deadline=None, max_examples=150)
@given(
    st.lists(st.frozensets(st.sampled_from(EMOTIONS), min_size=1), min_size=1, max_size=9),
    st.booleans(),
    st.builds(
        FoldSettings,
        scheme=st.sampled_from(["session", "speaker"]),
        count=st.integers(2, 12),
        validation=st.sampled_from(["F", "M", "both"]),
        validation_speakers=st.integers(1, 5),
        seed=st.integers(0, 9),
    ),
)
def test_what_is_advised_works(heard, in_sessions, settings):
    names = (f"s{i}{gender}" for i in range(1, 9) for gender in "FM")
    index = corpus(dict(zip(names, map(sorted, heard), strict=False)), in_sessions)
    try:
        make_folds(index, settings, EMOTIONS)
    except FoldError as error:
        text = str(error).partition("; ")[2]
        assert followed(text, index, settings, EMOTIONS)


def test_a_thousand_speakers_do_not_take_long():
    import time

    index = corpus({f"{i:03}": EMOTIONS if i < 2 else NOT_SAD for i in range(1000)})
    start = time.process_time()
    assert "leave sad out" in advice(index, FoldSettings(scheme="speaker", count=10))
    assert time.process_time() - start < 10


def missed(*rows):
    columns = ["speaker", "emotion", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    table["path"] = [f"{row.speaker}/{i}.wav" for i, row in enumerate(table.itertuples())]
    return table.assign(utterance=table["path"])


def test_recordings_that_were_left_out_are_named_with_their_reasons():
    index = corpus(pairs(5) | {"s2F": NOT_SAD}, True)
    left_out = missed(
        ("s2F", "angry", "silent"),
        ("s2F", "sad", "truncated"),
        ("s3F", "sad", "silent"),
        *[("s2F", "sad", "silent")] * 4,
    )
    assert advice(index, FoldSettings(), left_out=left_out) == (
        "repair s2F/1.wav (truncated), s2F/3.wav (silent), s2F/4.wav (silent) and 2 more, left out "
        "for the audio, and run again, or set folds.validation to M: that works"
    )


def test_recordings_without_which_a_speaker_is_missing_are_named():
    settings = FoldSettings(scheme="speaker", count=3)
    left_out = missed(("C", "sad", "silent"), ("A", "sad", "silent"))
    assert advice(corpus(complete("A", "B")), settings, left_out=left_out) == (
        "repair C/0.wav (silent), left out for the audio, and run again, or record 1 more speaker "
        "with every emotion: no smaller change was found"
    )


def test_an_emotion_of_which_all_was_left_out_somewhere_in_the_circle():
    index = corpus(complete("A", "B") | {"C": NOT_SAD})
    text = advice(
        index,
        FoldSettings(scheme="speaker", count=3),
        left_out=missed(("C", "sad", "unreadable"), ("D", "sad", "silent"), ("C", "angry", "x")),
    )
    assert text.startswith("repair C/0.wav (unreadable), D/1.wav (silent), left out for the audio")


def test_recordings_of_whoever_might_validate_are_named():
    heard = {"A": "ab", "B": "bc", "C": "ac", "D": "ab", "E": "bc"}
    settings = FoldSettings(scheme="speaker", count=5)
    text = advice(corpus(heard), settings, "abc", missed(("A", "a", "silent"), ("A", "c", "odd")))
    assert text == (
        "repair A/1.wav (odd), left out for the audio, and run again, or set "
        "folds.validation_speakers to 2: that works"
    )


def test_recordings_that_would_not_help_are_not_named():
    index = corpus(pairs(5) | {"s2F": NOT_SAD}, True)
    left_out = missed(("s2F", "angry", "silent"), ("s4M", "sad", "silent"))
    assert advice(index, FoldSettings(), left_out=left_out).startswith("set folds.validation")
