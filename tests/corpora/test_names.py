import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded

from sernas.base.errors import CorpusError
from sernas.corpora.names import canonical, meant, require_one_spelling

ALIKE = [
    ("1", "01"),
    ("Actor_1", "Actor_01"),
    ("Anna", "ANNA"),
    ("Anna", "Ａnna"),  # full width
    ("Anna", "An\u200bna"),  # zero-width space
    ("Anna", "\ufeffAnna"),
    ("Anna", "An\u00adna"),  # soft hyphen
    ("Anna B", "Anna\u00a0B"),
    ("Anna B", "Anna  B"),
    ("Anna-B", "Anna\u2013B"),
    ("é", "e\u0301"),
    ("Łucja", "łucja"),
    ("groß", "GROSS"),
    ("10", "١٠"),  # noqa: RUF001
    ("7", "7.0"),
    ("x²", "x2"),
]
UNLIKE = [
    ("1", "10"),
    ("Actor_1", "Actor_11"),
    ("0", "00a"),
    ("1-2", "12"),
    ("a b", "ab"),
    ("0", ""),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_name(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_two_names(one, other):
    assert canonical(one) != canonical(other)


@bounded(300)
@given(st.text(max_size=20))
def test_the_form_of_a_form_is_itself(name):
    assert canonical(canonical(name)) == canonical(name)


def test_both_spellings_and_their_places_are_named():
    rows = [
        {"speaker": "Actor_1", "session": "", "path": "a.wav", "where": "m.csv, line 2"},
        {"speaker": "Actor_2", "session": "", "path": "b.wav", "where": "m.csv, line 3"},
        {"speaker": "Actor_01", "session": "", "path": "c.wav", "where": "m.csv, line 4"},
    ]
    with pytest.raises(CorpusError) as error:
        require_one_spelling(rows)
    for said in ("'Actor_1'", "m.csv, line 2", "'Actor_01'", "m.csv, line 4", "one spelling"):
        assert said in str(error.value)


def test_what_is_not_seen_is_shown():
    rows = [{"speaker": s, "session": "", "path": s} for s in ("A", "A\u200b")]
    with pytest.raises(CorpusError, match=r"'A\\u200b'"):
        require_one_spelling(rows)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hapy", "happy"),
        ("Neutrl", "neutral"),
        ("sadness", "sad"),
        ("excited", None),
        ("joy", None),
    ],
)
def test_misspellings(name, expected):
    assert meant(name, ("neutral", "angry", "happy", "sad")) == expected
