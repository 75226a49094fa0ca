import pandas as pd
import pytest

from sernas.base.errors import FoldError
from sernas.folds.checks import check_split


@pytest.fixture
def split():
    rows = [
        (f"{speaker}_{emotion}", speaker, "", emotion, role)
        for speaker, role in {"A": "train", "B": "train", "C": "validation", "D": "test"}.items()
        for emotion in ("neutral", "angry", "sad")
    ]
    return pd.DataFrame(rows, columns=["utterance", "speaker", "session", "emotion", "role"])


def test_a_clean_split_passes(split, emotions):
    check_split(split, emotions, "fold 1")


def test_who_tests_may_lack_an_emotion(split, emotions):
    check_split(split[split["utterance"] != "D_sad"], emotions, "fold 1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.replace({"speaker": {"D": "A"}}), "speaker in one role, found A in several"),
        (lambda s: s.replace("A_sad", "B_sad"), "utterance once, found B_sad more than once"),
        (lambda s: s[s["role"] != "validation"], "utterances for validation, found none"),
        (lambda s: s[s["role"] != "test"], "utterances for test, found none; make the split again"),
        (lambda s: s[s["utterance"] != "C_sad"], "in validation, found no utterance of sad; make"),
        (lambda s: s[s["emotion"] != "angry"], "emotion in train, found no utterance of angry;"),
        (lambda s: s.replace("test", "tset"), "train, validation, test, found tset"),
        (lambda s: s.replace("sad", "glad"), "neutral, angry, sad, found glad"),
    ],
)
def test_what_is_wrong_is_named(split, emotions, change, message):
    with pytest.raises(FoldError, match=f"^fold 3: expected .*{message}"):
        check_split(change(split), emotions, "fold 3")
