import pytest

from sernas.base.errors import CorpusError, SettingsError
from sernas.corpora.parsers.iemocap import EMOTIONS
from sernas.corpora.registry import label_files, labelled, read_corpus
from sernas.settings.corpus import CorpusSettings

FOUR = ("neutral", "angry", "happy", "sad")
HEADER = "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]"


def turn(utterance, code):
    return (
        f"[6.2901 - 8.2357]\t{utterance}\t{code}\t[2.5000, 2.5000, 2.5000]\n"
        "C-E2:\tNeutral;\t()\nC-E3:\tNeutral; Anger;\t(a [bracketed] note)\n"
        "A-E3:\tval 3; act 2; dom  2;\t()\n"
    )


def labels_path(root, dialog):
    return root / f"Session{dialog[4]}/dialog/EmoEvaluation/{dialog}.txt"


def add_dialog(root, dialog, codes, audio=True):
    path = labels_path(root, dialog)
    path.parent.mkdir(parents=True, exist_ok=True)
    turns = "\n".join(turn(f"{dialog}_{name}", code) for name, code in codes.items())
    path.write_text(f"{HEADER}\n\n{turns}")
    wavs = root / f"Session{dialog[4]}/sentences/wav/{dialog}"
    wavs.mkdir(parents=True)
    for name in codes if audio else ():
        (wavs / f"{dialog}_{name}.wav").touch()


@pytest.fixture
def tree(tmp_path):
    """A release in small, with every oddity of the real one."""
    add_dialog(tmp_path, "Ses01F_impro01", {"F000": "neu", "M000": "fru", "F001": "exc"})
    add_dialog(tmp_path, "Ses01M_impro01", {"F003": "ang", "M001": "xxx"})
    add_dialog(tmp_path, "Ses03M_impro05a", {"M000": "hap"})
    add_dialog(tmp_path, "Ses03M_impro08b", {"F010": "sad"})
    add_dialog(tmp_path, "Ses05M_script01_1b", {"F000": "neu", "M000": "fru"})
    evaluation = tmp_path / "Session1/dialog/EmoEvaluation"
    for folder in ("Attribute", "Categorical", "Self-evaluation", ".hidden"):
        (evaluation / folder).mkdir()
        (evaluation / folder / "Ses01F_impro01_e2.txt").write_text("Ses01F_impro01_F000 :Anger;")
    (evaluation / "._Ses01F_impro01.txt").write_bytes(b"\x00\x05\x16\x07\xff\xfe")
    hidden = tmp_path / ".Session2/dialog/EmoEvaluation"
    hidden.mkdir(parents=True)
    (hidden / "Ses02F_impro01.txt").write_text("nonsense")
    return tmp_path


def settings(root, **others):
    return CorpusSettings("iemocap", str(root), **{"emotions": FOUR} | others)


def test_reads_a_release_with_all_its_oddities(tree):
    table = read_corpus(settings(tree)).utterances
    assert table.to_dict("split")["data"] == [
        [
            "Ses01F_impro01_F000",
            "Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav",
            *("Ses01F", "Ses01", "F", "neutral"),
        ],
        [
            "Ses01M_impro01_F003",  # the speaker is the last field's, not Ses01M
            "Session1/sentences/wav/Ses01M_impro01/Ses01M_impro01_F003.wav",
            *("Ses01F", "Ses01", "F", "angry"),
        ],
        [
            "Ses03M_impro05a_M000",
            "Session3/sentences/wav/Ses03M_impro05a/Ses03M_impro05a_M000.wav",
            *("Ses03M", "Ses03", "M", "happy"),
        ],
        [
            "Ses03M_impro08b_F010",
            "Session3/sentences/wav/Ses03M_impro08b/Ses03M_impro08b_F010.wav",
            *("Ses03F", "Ses03", "F", "sad"),
        ],
    ]
    assert list(table.columns) == ["utterance", "path", "speaker", "session", "gender", "emotion"]


def test_every_utterance_left_out_has_its_reason(tree):
    excluded = read_corpus(settings(tree)).excluded
    scripted = "scripted dialog; only improvised dialogs are used"
    unwanted = 'emotion "{}" is not one of neutral, angry, happy, sad'
    assert dict(zip(excluded["utterance"], excluded["reason"], strict=True)) == {
        "Ses01F_impro01_F001": unwanted.format("excited"),
        "Ses01F_impro01_M000": unwanted.format("frustrated"),
        "Ses01M_impro01_M001": unwanted.format("no agreement"),
        "Ses05M_script01_1b_F000": scripted,
        "Ses05M_script01_1b_M000": scripted,
    }
    assert list(excluded.columns) == ["utterance", "path", "speaker", "emotion", "reason"]


def test_label_files_are_those_of_dialogs(tree):
    dialogs = ["Ses01F_impro01", "Ses01M_impro01", "Ses03M_impro05a", "Ses03M_impro08b"]
    expected = [str(labels_path(tree, name)) for name in [*dialogs, "Ses05M_script01_1b"]]
    assert label_files(settings(tree)) == expected


def test_every_emotion_of_the_release_has_a_name(tmp_path):
    codes = {f"F{n:03d}": code for n, code in enumerate(EMOTIONS)}
    add_dialog(tmp_path, "Ses02F_impro02", codes)
    table = read_corpus(settings(tmp_path, emotions=tuple(EMOTIONS.values()))).utterances
    assert list(table["emotion"]) == [
        *("neutral", "angry", "happy", "sad", "excited", "frustrated", "surprised", "fearful"),
        *("disgusted", "other", "no agreement"),
    ]


def test_windows_line_ends_and_blank_lines_change_nothing(tree):
    before = read_corpus(settings(tree)).utterances
    path = labels_path(tree, "Ses01F_impro01")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n \r\n") + b"\r\n\r\n")
    assert read_corpus(settings(tree)).utterances.equals(before)


def test_missing_audio_is_left_out_or_an_error(tree):
    add_dialog(tree, "Ses04F_impro01", {"F000": "neu"}, audio=False)
    corpus = read_corpus(settings(tree))
    assert "Ses04F_impro01_F000" not in set(corpus.utterances["utterance"])
    row = corpus.excluded.set_index("utterance").loc["Ses04F_impro01_F000"]
    assert row["reason"] == "audio file is missing"
    with pytest.raises(CorpusError, match=r"Ses04F_impro01_F000\.wav, found none; .*on_bad_audio"):
        read_corpus(settings(tree, on_bad_audio="fail"))


BAD_LINES = {
    "spaces for tabs": "[1.0 - 2.0] Ses01F_impro01_F009 neu [2.5, 2.5, 2.5]",
    "no emotion": "[1.0 - 2.0]\tSes01F_impro01_F009\t[2.5, 2.5, 2.5]",
    "truncated": "[1.0 - 2.",
    "no bracket": "1.0 - 2.0]\tSes01F_impro01_F009\tneu\t[2.5, 2.5, 2.5]",
    "not a time": "[start - 2.0]\tSes01F_impro01_F009\tneu\t[2.5, 2.5, 2.5]",
    "two values": "[1.0 - 2.0]\tSes01F_impro01_F009\tneu\t[2.5, 2.5]",
    "neither F nor M": "[1.0 - 2.0]\tSes01F_impro01_X009\tneu\t[2.5, 2.5, 2.5]",
    "other dialog": "[1.0 - 2.0]\tSes01F_impro02_F009\tneu\t[2.5, 2.5, 2.5]",
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_malformed_line_is_named(tree, line):
    path = labels_path(tree, "Ses01F_impro01")
    path.write_text(f"{HEADER}\n\n{line}\n")
    with pytest.raises(CorpusError) as error:
        read_corpus(settings(tree))
    assert f"{path}, line 3: expected" in str(error.value)
    assert repr(line) in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (turn("Ses01F_impro01_F000", "joy").encode(), r"line 1: .*neu, ang, .* found 'joy'"),
        (turn("Ses01F_impro01_F000", "neu").encode() * 2, r"line 5: .*once.*F000 again"),
        (f"{HEADER}\nC-E2:\t".encode() + b"\xff\xfe\n", r"line 2: expected UTF-8 .*\\xff\\xfe"),
        (b"", "expected utterance lines, found none"),
    ],
)
def test_a_label_file_that_does_not_parse(tree, content, message):
    path = labels_path(tree, "Ses01F_impro01")
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message) as error:
        read_corpus(settings(tree))
    assert str(path) in str(error.value)


@pytest.mark.parametrize("name", ["Ses02F_impro01", "Ses01F_impro01 copy", "Ses01F_other"])
def test_a_label_file_with_a_wrong_name(tree, name):
    path = labels_path(tree, "Ses01F_impro01").with_name(f"{name}.txt")
    path.write_text(turn(f"{name}_F000", "neu"))
    with pytest.raises(CorpusError, match=f"expected a dialog of Session1, .*{name}"):
        read_corpus(settings(tree))


@pytest.mark.parametrize(
    ("subset", "dialogs"),
    [(None, 4), ("improvised", 4), ("scripted", 1), ("all", 5)],
)
def test_subsets_are_kinds_of_dialogs(tree, subset, dialogs):
    chosen = settings(tree, subset=subset, emotions=("neutral", "frustrated"))
    rows = [row for row in labelled(chosen) if not row["reason"]]
    assert len({row["utterance"].rpartition("_")[0] for row in rows}) == dialogs


def test_scripted_dialogs_leave_out_the_others(tree):
    excluded = read_corpus(settings(tree, subset="scripted", emotions=("neutral",))).excluded
    reasons = excluded.set_index("utterance")["reason"]
    assert reasons["Ses01F_impro01_F000"] == "improvised dialog; only scripted dialogs are used"


def test_merged_emotions_are_one_class(tree):
    one = read_corpus(settings(tree, merge={"excited": "happy"}))
    happy = one.utterances[one.utterances["emotion"] == "happy"]["utterance"]
    assert list(happy) == ["Ses01F_impro01_F001", "Ses03M_impro05a_M000"]


def test_an_emotion_to_be_merged_must_be_there(tree):
    with pytest.raises(CorpusError, match=r"merge: expected emotions .*excited.*, found exited; "):
        read_corpus(settings(tree, merge={"exited": "happy"}))


@pytest.mark.parametrize("ask", [read_corpus, label_files])
def test_a_subset_that_there_is_not(tree, ask):
    with pytest.raises(SettingsError, match=r"one of improvised, scripted, all .*'improv'"):
        ask(settings(tree, subset="improv"))
