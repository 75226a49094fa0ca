import pytest

from sernas.base.errors import CorpusError
from sernas.corpora.parsers import meld
from sernas.corpora.registry import label_files, labelled, read_corpus
from sernas.settings.corpus import CorpusSettings

HEADER = (
    "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,"
    "EndTime\n"
)
SEVERAL = ["All", "Joey and Chandler", "Ross/Rachel", "Everyone", "Both", "Joey, Ross"]
ONE = ["Dr. Green", "Mrs. Green", "Rachel", "The Casting Director", "Allen", "Andy"]


def line(speaker, emotion, dialogue, utterance):
    said = "Oh, my “God”"
    return f'1,"{said}","{speaker}",{emotion},-,{dialogue},{utterance},8,21,"0:1:2,3","0:1:4,0"\n'


def settings(root, **others):
    emotions = ("happy", "surprised")
    return CorpusSettings("meld", str(root), **{"emotions": emotions} | others)


def touch(root, *paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()


@pytest.fixture
def root(tmp_path):
    (tmp_path / "train_sent_emo.csv").write_text(
        HEADER + line("Phoebe", "joy", 0, 0) + line("Ross", "surprise", 0, 1)
    )
    (tmp_path / "test_sent_emo.csv").write_text(
        HEADER + line("phoebe", "joy", 0, 0) + line("All", "joy", 0, 1)
    )
    return tmp_path


def test_the_same_number_in_two_parts_is_two_utterances(root):
    touch(root, "train/dia0_utt0.wav", "train/dia0_utt1.wav", "test/dia0_utt0.flac")
    assert read_corpus(settings(root)).utterances.to_numpy().tolist() == [
        ["test_dia0_utt0", "test/dia0_utt0.flac", "Phoebe", "", "", "happy"],
        ["train_dia0_utt0", "train/dia0_utt0.wav", "Phoebe", "", "", "happy"],
        ["train_dia0_utt1", "train/dia0_utt1.wav", "Ross", "", "", "surprised"],
    ]
    assert label_files(settings(root)) == [
        str(root / f"{part}_sent_emo.csv") for part in ("train", "test")
    ]


def test_labels_may_be_in_the_folder_of_their_part(root):
    """As the archive of the training part has them."""
    (root / "train").mkdir()
    (root / "train_sent_emo.csv").rename(root / "train/train_sent_emo.csv")
    (root / "test").mkdir()
    (root / "test/test_sent_emo.csv").write_text("a second one is not read")
    assert {row["subset"] for row in labelled(settings(root))} == {"train", "test"}


def test_the_corrected_recordings_of_the_test_part_are_taken(root):
    folder = "test/output_repeated_splits_test"
    touch(root, f"{folder}/dia0_utt0.wav", f"{folder}/final_videos_testdia0_utt0.wav")
    [path] = [r["path"] for r in labelled(settings(root)) if r["utterance"] == "test_dia0_utt0"]
    assert path == f"{folder}/final_videos_testdia0_utt0.wav"


def test_films_without_their_sound_are_named(root):
    touch(root, "train/train_splits/dia0_utt0.mp4", "train/train_splits/._dia0_utt1.mp4")
    touch(root, "train/train_splits/dia0_utt1.wav")
    excluded = read_corpus(settings(root, emotions=("surprised",))).excluded
    assert "happy" in set(excluded["emotion"])
    rows = labelled(settings(root))
    assert rows[0]["path"] == "train/train_splits/dia0_utt0.wav"
    with pytest.raises(CorpusError, match=r"1 x audio file is missing; there is one of another na"):
        read_corpus(settings(root))


def test_parts_are_subsets(root):
    touch(root, "train/dia0_utt0.wav", "test/dia0_utt0.wav")
    table = read_corpus(settings(root, subset="test", emotions=("happy",))).utterances
    assert list(table["utterance"]) == ["test_dia0_utt0"]


@pytest.mark.parametrize("speaker", [*SEVERAL, *ONE])
def test_several_speakers_are_left_out(root, speaker):
    (root / "train_sent_emo.csv").write_text(HEADER + line(speaker, "joy", 0, 0))
    row, *_ = labelled(settings(root))
    assert row["reason"] == (meld.SEVERAL if speaker in SEVERAL else "")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (line("Ross", "envy", 7, 0), "found dia7_utt0, 'Ross' and 'envy'"),
        (line("", "joy", 7, 0), "found dia7_utt0, ''"),
        (line("Ross", "joy", "x", 0), "found diax_utt0"),
        (line("Ross", "joy", 0, 1), "expected an utterance once"),
    ],
)
def test_a_wrong_row_is_named(root, row, message):
    path = root / "train_sent_emo.csv"
    path.write_text(path.read_text() + row)
    with pytest.raises(CorpusError, match=rf"{path}, line 4: .*{message}"):
        labelled(settings(root))
