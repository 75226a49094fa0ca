import pytest

from sernas.base.errors import CorpusError
from sernas.corpora.label_files import SPEAKER_UNKNOWN
from sernas.corpora.registry import labelled, read_corpus
from sernas.settings.corpus import CorpusSettings

HEADER = "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set\n"
ROWS = """\
MSP-PODCAST_0001_0008.wav,N,2.2,4.0,2.6,30,Male,Test1
MSP-PODCAST_0001_0009.wav,C,3.8,3.6,3.8,39,Female,Train
MSP-PODCAST_0002_0011.wav,N,4.1,4.8,4.0,Unknown,Unknown,Train
MSP-PODCAST_0003_0001.wav,U,4.1,4.8,4.0,40,Female,Validation
"""


def settings(root, **others):
    emotions = ("neutral", "contempt", "surprised")
    return CorpusSettings("msp_podcast", str(root), **{"emotions": emotions} | others)


def write(root, text):
    (root / "Labels").mkdir(exist_ok=True)
    (root / "Labels/labels_consensus.csv").write_text(text)
    return root


def test_rows_say_speaker_gender_emotion_and_part(tmp_path):
    rows = labelled(settings(write(tmp_path, HEADER + ROWS)))
    keys = ("path", "speaker", "gender", "emotion", "subset", "reason")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("Audios/MSP-PODCAST_0001_0008.wav", "30", "M", "neutral", "test1", ""),
        ("Audios/MSP-PODCAST_0001_0009.wav", "39", "F", "contempt", "train", ""),
        ("Audios/MSP-PODCAST_0002_0011.wav", "Unknown", "", "neutral", "train", SPEAKER_UNKNOWN),
        ("Audios/MSP-PODCAST_0003_0001.wav", "40", "F", "surprised", "development", ""),
    ]


def test_older_releases_call_the_folder_audio(tmp_path):
    write(tmp_path, HEADER + ROWS.splitlines()[0])
    (tmp_path / "Audio").mkdir()
    (tmp_path / "Audio/MSP-PODCAST_0001_0008.wav").touch()
    corpus = read_corpus(settings(tmp_path, emotions=("neutral",)))
    assert list(corpus.utterances["path"]) == ["Audio/MSP-PODCAST_0001_0008.wav"]
    assert corpus.warnings == []  # releases differ


def test_a_part_leaves_out_the_others(tmp_path):
    rows = labelled(settings(write(tmp_path, HEADER + ROWS), subset="train"))
    assert [row["utterance"] for row in rows if not row["reason"]] == ["MSP-PODCAST_0001_0009"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER.replace("SpkrID,", "") + ROWS, r"line 1: expected the columns .*SpkrID missing"),
        (HEADER + ROWS.replace(",C,", ",Q,"), r"line 3: expected .*found .*0009.wav' and 'Q'"),
        (HEADER + ROWS.replace("_0009", "_0008"), "line 3: expected a file once"),
    ],
)
def test_a_wrong_table_is_named(tmp_path, text, message):
    with pytest.raises(CorpusError, match=rf"labels_consensus.csv, {message}"):
        labelled(settings(write(tmp_path, text)))
