import pytest

from sernas.base.errors import CorpusError, SettingsError
from sernas.corpora.emotions import emotion_of
from sernas.corpora.layout import find_layout, places_of

WORDS = {"angry": "ANG", "happy": "Happiness", "neutral": "neu", "sad": "sadness"}
PEOPLE = ("anna", "bob", "cy", "dee")


def paths(form, people=PEOPLE, takes=4):
    return [
        form.format(who=who, word=word, take=take)
        for who in people
        for word in WORDS.values()
        for take in range(takes)
    ]


@pytest.mark.parametrize(
    ("form", "words"),
    {
        "{who}/{word}/{take}.wav": ("the 1st folder", "the 2nd folder"),
        "all/{word}/{who}/{word}{take}.wav": ("the 3rd folder", "the 2nd folder"),
        "{who}/a-{take}-{word}.flac": ("the 1st folder", "the 3rd part of the name"),
        "{who}/the {take} of {word}2 x.wav": ("the 1st folder", "the 4th part of the name"),
        "{word}/speaker{who}_{take}.wav": ("the 1st part of the name", "the 1st folder"),
        "Session1/actor_{who}/{word}.{take}.wav": ("the 2nd folder", "the 1st part of the name"),
    }.items(),
)
def test_where_paths_say_it(form, words):
    found = find_layout(paths(form), "/data")
    assert (found.speaker.words, found.emotion.words) == words
    speaker, emotion = found.labels(form.format(who="anna", word="ANG", take=3))
    assert speaker.endswith("anna")
    assert emotion == "angry"


def test_what_else_the_speaker_may_be_is_said_with_the_option():
    found = find_layout(paths("{who}/{word}/take{take}.wav"), "/data")
    [other] = found.others
    assert "the 1st part of the name (4 values: take0, take1, take2, take3)" in other
    option = other.partition("--speaker '")[2].rstrip("'")
    asked, _ = places_of(option, None, None)
    assert asked.value("anna/ANG/take2.wav") == "take2"


def test_people_and_takes_alike_are_not_guessed():
    with pytest.raises(CorpusError, match="says who speaks, found several") as error:
        find_layout(paths("{who}_{word}_{take}.wav"), "/data")
    options = [line.partition("--speaker '")[2][:-1] for line in str(error.value).split("\n")[1:]]
    values = [places_of(option, None, None)[0].value("bob_sad_3.wav") for option in options]
    assert values == ["bob", "3"]


def test_a_folder_of_sessions_is_nobody():
    with pytest.raises(CorpusError, match="says who speaks, found several"):
        find_layout(paths("session{take}/{who}_{word}.wav"), "/data")


def test_two_emotions_in_a_path_are_not_guessed():
    form = "{who}/{word}/sad{take}.wav"
    mixed = [p.replace("sad0", "happy0") for p in paths(form)]
    with pytest.raises(CorpusError, match="says the emotion, found several"):
        find_layout(mixed, "/data")


def test_no_emotions_and_no_people():
    with pytest.raises(CorpusError, match=r"found no place where 90 % of 64 do \(the first: a"):
        find_layout([p.replace("s", "z").replace("A", "B") for p in paths("a/{take}.wav")], "/data")
    with pytest.raises(CorpusError, match="found no place with more than two values"):
        find_layout(paths("{word}/{take}.wav", people=("x",), takes=2), "/data")


def test_the_user_says_where():
    odd = [f"{who}{word}1.wav" for who in "pqrs" for word in "wr"]  # Wut, Ruhe
    found = find_layout(odd, "/data", *places_of(r"^(.)", r"^.(.)", None))
    assert found.labels("pw1.wav") == ("p", "w")
    found = find_layout(odd, "/data", *places_of(None, None, r"(?P<speaker>.)(?P<emotion>[wr])\d"))
    assert found.labels("qr1.wav") == ("q", "r")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("(", None, None), "--speaker: expected a regular expression, found"),
        ((None, "abc", None), "--emotion: expected a regular expression with a group"),
        ((None, None, "(?P<speaker>.)"), "found none called emotion"),
        (("(.)", None, "(?P<speaker>.)(?P<emotion>.)"), "--pattern: expected it alone"),
    ],
)
def test_patterns_that_are_none(asked, said):
    with pytest.raises(SettingsError) as error:
        places_of(*asked)
    assert said in str(error.value)


def test_names_of_emotions():
    assert [emotion_of(w) for w in ("Anger", "ANG", "happ", "sad2", "fea")] == [
        "angry",
        "angry",
        "happy",
        "sad",
        "fearful",
    ]
    assert [emotion_of(w) for w in ("a", "an", "angel", "x1y", "", "wut")] == [None] * 6
