import pytest

from sernas.base.errors import CorpusError
from sernas.corpora.registry import CORPORA, label_files, labelled, read_corpus
from sernas.settings.corpus import CorpusSettings

LABELS = """\
UTD-IMPROV-S01A-F01-P-FM01.avi; N; A:2.400000; V:3.000000; D:3.200000 ; N:2.800000;
ID1001; Neutral; Neutral; A:3.000000; V:3.000000; D:3.000000; N:3.000000;
ID1002; Sad; Sad,Tired; A:2.000000; V:3.000000; D:3.000000; N:NaN;

UTD-IMPROV-S20S-M06-R-MF02.avi; S; A:2.4; V:3.0; D:3.2 ; N:NaN;
ID1001; Sad; Sad; A:3.000000; V:3.000000; D:3.000000; N:3.000000;

UTD-IMPROV-S05H-F06-T-FM101.avi; X; A:2.4; V:3.0; D:3.2 ; N:2.8;
"""


def settings(root, **others):
    emotions = ("neutral", "sad")
    return CorpusSettings("msp_improv", str(root), **{"emotions": emotions} | others)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "Evalution.txt").write_text(LABELS)
    for path in (
        "session1/S01A/P/MSP-IMPROV-S01A-F01-P-FM01.wav",
        "Audio/session6/S20S/R/MSP-IMPROV-S20S-M06-R-MF02.wav",
    ):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).touch()
    return tmp_path


def test_utterances_are_found_wherever_their_recordings_are(root):
    assert read_corpus(settings(root)).utterances.to_numpy().tolist() == [
        [
            "MSP-IMPROV-S01A-F01-P-FM01",
            "session1/S01A/P/MSP-IMPROV-S01A-F01-P-FM01.wav",
            *("F01", "session1", "F", "neutral"),
        ],
        [
            "MSP-IMPROV-S20S-M06-R-MF02",
            "Audio/session6/S20S/R/MSP-IMPROV-S20S-M06-R-MF02.wav",
            *("M06", "session6", "M", "sad"),
        ],
    ]


def test_no_agreement_is_an_emotion_of_its_own_and_missing_sound_has_a_path(root):
    *_, last = labelled(settings(root))
    assert last["emotion"] == "no agreement"
    assert last["path"] == "session6/S05H/T/MSP-IMPROV-S05H-F06-T-FM101.wav"


def test_the_label_file_may_be_spelt_rightly(root):
    (root / "Evalution.txt").rename(root / "Evaluation.txt")
    assert label_files(settings(root)) == [str(root / "Evaluation.txt")]
    assert len(labelled(settings(root))) == 3


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("; N; A:2.400000", "; Q; A:2.400000", 1),
        ("S20S-M06-R-MF02", "S01A-F01-P-FM01", 5),
        ("F06-T", "F07-T", 8),
    ],
    ids=["emotion", "twice", "speaker"],
)
def test_a_wrong_line_is_named(root, old, new, line):
    path = root / "Evalution.txt"
    path.write_text(LABELS.replace(old, new, 1))
    with pytest.raises(CorpusError, match=f"{path}, line {line}: expected an utterance once"):
        labelled(settings(root))


def test_a_file_without_utterances(root):
    (root / "Evalution.txt").write_text("nothing\n")
    with pytest.raises(CorpusError, match=r"Evalution.txt: expected lines such as .*found none"):
        labelled(settings(root))


def test_published_counts_are_compared(root):
    [warning] = read_corpus(settings(root)).warnings
    assert "Found/published: neutral 1/3477, sad 1/885." in warning
    assert set(CORPORA["msp_improv"].emotions) == set("NAHSOX")
