"""Whatever a manifest holds, it is read, or there is one error that names it and the remedy."""

import csv
import io
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded, result_or_message

from sernas.base.files import write_csv
from sernas.corpora.corpus import COLUMNS, EXCLUDED_COLUMNS
from sernas.corpora.registry import read_corpus
from sernas.features.moments import Moments
from sernas.features.store import TEXT, FeatureStore
from sernas.features.writer import open_writer
from sernas.folds.split import make_folds, read_split, write_split
from sernas.settings.corpus import CorpusSettings
from sernas.settings.features import FeatureSettings
from sernas.settings.folds import FoldSettings

EMOTIONS = ("angry", "sad")
AUDIO = ["a/1.wav", "b/2.flac", "c.wav", "ü ñ.wav", "d,e.wav"]
FEATURES = FeatureSettings(16000, 40, 10, 640, 0, 300, None, "log", 1e-5)
FOLDS = FoldSettings("speaker", 2, "F", 1, 0.2, 0.0, "bin", 1)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with audio, for manifests to be put in."""
    root = tmp_path_factory.mktemp("own")
    for name in AUDIO:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    return root


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
hostile = st.sampled_from(
    ["", " ", " a.wav", "a.wav ", ".", "..", "../a.wav", "/etc/passwd", "a/../../b.wav", "a\\b.wav"]
    + ["a" * 300, "a/" * 3000 + "b", "x" * 140_000, "NaN", "NA", "null", "0", "1e9", "=1+1", "-"]
    + ["a\0b", "a\rb", "a\nb", "a\x1bb", "\ufeff", "\u2028", '"', '""', "'", ",", ";", "#", "%s{0}"]
)
values = {  # that are sound, then some that may not be
    "path": [*AUDIO, "./a//1.wav", "b/../b/2.flac", "gone.wav", "c"],
    "speaker": ["A", "B", "Łucja", "é", "a", "e\u0301", "łucja"],
    "emotion": [*EMOTIONS, "joyful", "Sad"],
    "session": ["1", "2", ""],
    "gender": ["", "F", "M", "female"],
    "utterance": ["u1", "u2", "u3", "u4", "u5"],
    "age": ["30", "", "?"],
}


@st.composite
def tables(draw):
    """A sound header and rows, to which a few odd things happen."""
    more = ["session", "gender", "utterance", "age"]
    optional = draw(st.lists(st.sampled_from(more), max_size=3))
    header = draw(st.permutations(list(dict.fromkeys(["path", "speaker", "emotion", *optional]))))
    count = draw(st.integers(2, 5))
    columns = {
        "path": draw(st.permutations(AUDIO)),
        "emotion": draw(st.permutations([*EMOTIONS, "sad", "angry", "joyful"])),
        "utterance": values["utterance"],
    }
    rows = [[columns.get(name, values[name][:1] * 5)[i] for name in header] for i in range(count)]
    table = [list(header), *rows]
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2]))):
        row = draw(st.sampled_from(table))
        kind = draw(st.sampled_from(["known"] * 4 + ["any", "hostile", "twice", "ragged"]))
        name = draw(st.sampled_from(header))
        place = header.index(name)
        if kind == "twice":
            table.append(list(row))
        elif kind == "ragged":
            row[:] = draw(st.sampled_from([row[:-1], [*row, "x"], [], [""]]))
        elif place < len(row):
            known = st.sampled_from(values[name] if row is not table[0] else [*values])
            row[place] = draw({"known": known, "any": anything, "hostile": hostile}[kind])
    return table


@st.composite
def manifests(draw):
    """Bytes of a CSV, sound or not."""
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=draw(st.sampled_from(",,,,,,,;")),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"])),
    )
    writer.writerows(draw(tables()))
    encoding = draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "utf-16-le", "cp1250"]))
    content = bytearray(text.getvalue().encode(encoding, errors="replace"))
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 3]))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 3))] = draw(
            st.binary(max_size=3) | st.sampled_from([b'"', b"\0", b"\xff", b"\n", b"\r", b","])
        )
    return bytes(content)


def read(root, content):
    path = root / "manifest.csv"
    path.write_bytes(content)
    settings = CorpusSettings("manifest", str(root), EMOTIONS)
    return result_or_message(lambda: read_corpus(settings), path, root)


def check(corpus, folder):
    """What every corpus must be, also after it was written to disk and read again."""
    table = corpus.utterances
    assert list(table.columns) == COLUMNS
    assert list(corpus.excluded.columns) == EXCLUDED_COLUMNS
    assert table["utterance"].is_unique
    assert table["path"].is_unique
    assert set(table["path"]) <= set(AUDIO)
    assert set(table["emotion"]) == set(EMOTIONS)
    assert (
        not table[["speaker", "session", "gender"]].drop_duplicates()["speaker"].duplicated().any()
    )
    for frame in (table, corpus.excluded):
        write_csv(frame, folder / "again.csv")
        again = pd.read_csv(folder / "again.csv", dtype=str, keep_default_na=False)
        pd.testing.assert_frame_equal(again, frame, check_dtype=False)


@bounded(400)
@given(content=manifests())
def test_a_manifest_is_read_or_the_error_names_it(root, content):
    corpus = read(root, content)
    if corpus is not None:
        check(corpus, root)


@bounded(100)
@given(content=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_bytes_that_are_no_manifest(root, content):
    assert read(root, content) is None


def test_the_strategy_makes_both_kinds(root):
    """Else the test above says nothing."""
    kinds = Counter()

    @bounded(150)
    @given(content=manifests())
    def count(content):
        kinds[read(root, content) is None] += 1

    count()
    assert min(kinds[True], kinds[False]) > 15, kinds


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20)


@bounded(40)
@given(
    speakers=st.lists(names, min_size=5, max_size=5, unique=True),
    utterances=st.lists(names, min_size=10, max_size=10, unique=True),
)
def test_names_go_through_every_file_as_they_are(root, speakers, utterances):
    """From the manifest through store and split, and no name becomes a number or is lost."""
    rows = [["path", "speaker", "emotion", "utterance"]]
    for number, utterance in enumerate(utterances):
        (root / f"{number}.wav").touch()
        rows.append([f"{number}.wav", speakers[number // 2], EMOTIONS[number % 2], utterance])
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    corpus = read(root, text.getvalue().encode())
    if corpus is None:
        return
    import numpy as np

    frames = np.ones((4, 12), np.float16)
    with open_writer(root / "f.h5", 40, FEATURES) as writer:
        for row in corpus.utterances.to_dict("records"):
            labels = {column: row[column] for column in TEXT}
            writer.append(frames, Moments.of(frames), 0.04, "", **labels)
    with FeatureStore(root / "f.h5") as store:
        for split in make_folds(store.index, FOLDS, EMOTIONS).values():
            write_split(split, root / "fold.csv")
            again = read_split(root / "fold.csv", EMOTIONS)
            assert sorted(again["utterance"]) == sorted(utterances)
            assert set(again["speaker"]) == set(speakers)
