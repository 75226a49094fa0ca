"""However speakers are spelled, nobody trains and tests."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded

from sernas.base.errors import CorpusError, FoldError
from sernas.corpora.corpus import select
from sernas.folds.split import make_folds
from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings

EMOTIONS = ("angry", "sad")
PEOPLE = ["Anna", "Actor_1", "Actor_2", "7", "Łucja K", "李四", "e\u0301va"]


def wide(name):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


SPELLINGS = [  # of the same name
    str,
    str.upper,
    str.lower,
    wide,
    lambda name: f"{name}\u200b",
    lambda name: f"{name[:1]}\u2060{name[1:]}",
    lambda name: name.replace(" ", "\u00a0"),
    lambda name: name.replace(" ", "\u2003 "),
    lambda name: name.replace("1", "01").replace("7", "007"),
    lambda name: unicodedata.normalize("NFC", name),
    lambda name: unicodedata.normalize("NFD", name),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("audio")
    for number in range(2 * len(PEOPLE)):
        (root / f"{number}.wav").touch()
    return root


@bounded(200)
@given(
    spelled=st.lists(
        st.tuples(st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS)),
        min_size=len(PEOPLE),
        max_size=len(PEOPLE),
    ),
    seed=st.integers(0, 5),
)
def test_no_two_roles_share_a_speaker(root, spelled, seed):
    rows, person = [], {}
    for number, (name, ways) in enumerate(zip(PEOPLE, spelled, strict=True)):
        for emotion, way in zip(EMOTIONS, ways, strict=True):
            path = f"{2 * number + EMOTIONS.index(emotion)}.wav"
            row = {"utterance": path, "path": path, "session": "", "gender": ""}
            rows.append(row | {"speaker": way(name), "emotion": emotion})
            person[path] = name
    settings = CorpusSettings("manifest", str(root), EMOTIONS)
    try:
        corpus = select(rows, settings)
        folds = make_folds(corpus.utterances, FoldSettings("speaker", 2, seed=seed), EMOTIONS)
    except (CorpusError, FoldError):
        assert any(row["speaker"] != person[row["path"]] for row in rows)
        return
    for split in folds.values():
        roles = split.assign(person=split["utterance"].map(person)).groupby("person")["role"]
        assert roles.nunique().max() == 1
