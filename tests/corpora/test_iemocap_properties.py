"""Whatever a label file holds, it is read, or there is one error that names it and the remedy."""

import os
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded, result_or_message

from sernas.corpora.parsers.iemocap import EMOTIONS
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings

FOUR = ("neutral", "angry", "happy", "sad")
HEADER = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"
DIALOG = "Ses01F_impro01"


def line(utterance, code):
    return f"[6.2901 - 8.2357]\t{utterance}\t{code}\t[2.5000, 2.5000, 2.5000]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of session 1's labels, in a release of two sessions with audio."""
    root = tmp_path_factory.mktemp("iemocap")
    for dialog, codes in {"Ses02F_impro01": ["neu", "ang", "hap", "sad"], DIALOG: []}.items():
        session = root / f"Session{dialog[4]}"
        labels, wavs = session / "dialog/EmoEvaluation", session / f"sentences/wav/{dialog}"
        labels.mkdir(parents=True)
        wavs.mkdir(parents=True)
        for number in range(4):
            (wavs / f"{dialog}_F{number:03}.wav").touch()
        if codes:
            lines = (line(f"{dialog}_F{n:03}", code) for n, code in enumerate(codes))
            (labels / f"{dialog}.txt").write_text(HEADER + "".join(lines))
    return root / "Session1/dialog/EmoEvaluation"


turns = st.builds(
    lambda gender, turn, code: line(f"{DIALOG}_{gender}{turn:03}", code),
    st.sampled_from("FM"),
    st.integers(0, 40),
    st.sampled_from([*EMOTIONS]),
)
annotators = st.sampled_from(["C-E2:\tNeutral;\t()\n", "A-E3:\tval 3; act 2;\t()\n", "\n"])
strange = st.text(st.characters(exclude_categories=["Cs"]), max_size=10) | st.sampled_from(
    ["Ses01F_impro02", "neutral", "\t", "[", "]", "-", "1e5", "\0", "\u0661", "F" * 300, "[1 -"]
)


@st.composite
def labels(draw):
    """Bytes of a label file: sound lines, some of them changed."""
    lines = draw(st.lists(turns | annotators, max_size=8))
    content = bytearray((HEADER + "".join(lines)).encode())
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 3]))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 12))] = draw(
            strange.map(str.encode) | st.binary(max_size=4)
        )
    return bytes(content.replace(b"\n", draw(st.sampled_from([b"\n", b"\n", b"\r\n", b"\r"]))))


def read(folder, content, name=f"{DIALOG}.txt"):
    path = os.path.join(os.fsencode(folder), os.fsencode(name))
    with open(path, "wb") as file:
        file.write(content)
    root = folder.parents[2]
    try:
        settings = CorpusSettings("iemocap", str(root), FOUR)
        return result_or_message(lambda: read_corpus(settings), folder)
    finally:
        os.remove(path)


def is_sound(table):
    assert table["utterance"].is_unique
    assert table["path"].is_unique
    assert (table["speaker"] == table["utterance"].str[:5] + table["gender"]).all()
    assert (table["session"] == table["utterance"].str[:5]).all()
    return True


@bounded(300)
@given(content=labels())
def test_a_label_file_is_read_or_the_error_names_it(folder, content):
    corpus = read(folder, content)
    assert corpus is None or is_sound(corpus.utterances)


@bounded(100)
@given(content=st.binary(max_size=300))
def test_bytes_that_are_no_labels(folder, content):
    assert read(folder, content) is None


@bounded(150)
@given(
    name=st.builds(
        lambda stem, end: stem + end,
        st.text(st.characters(exclude_characters="/\0"), max_size=20)
        | st.sampled_from(["Ses01F_impro01", "Ses01M_impro02", "Ses02F_impro01", "Ses01F_impro{x}"])
        | st.just(os.fsdecode(b"Ses01F_\xe9")),
        st.sampled_from([".txt", ".txt", "", ".TXT"]),
    ).filter(lambda name: name.strip("."))
)
def test_any_name_of_a_label_file(folder, name):
    try:
        os.fsencode(name)
    except UnicodeEncodeError:  # a half of a surrogate pair, which no disk has
        return
    corpus = read(folder, line(f"{DIALOG}_F000", "neu").encode(), name)
    assert corpus is None or is_sound(corpus.utterances)


def test_the_strategy_makes_both_kinds(folder):
    """Else the tests above say nothing."""
    kinds = Counter()

    @bounded(150)
    @given(content=labels())
    def count(content):
        kinds[read(folder, content) is None] += 1

    count()
    assert min(kinds[True], kinds[False]) > 15, kinds


@pytest.mark.parametrize("make", ["a folder", "a dangling link", "a loop"])
def test_a_label_file_that_is_no_file(folder, make):
    path = folder / f"{DIALOG}.txt"
    if make == "a folder":
        path.mkdir()
    else:
        path.symlink_to("gone.txt" if make == "a dangling link" else path.name)
    settings = CorpusSettings("iemocap", str(folder.parents[2]), FOUR)
    try:
        assert result_or_message(lambda: read_corpus(settings), path) is None
    finally:
        path.rmdir() if make == "a folder" else path.unlink()
