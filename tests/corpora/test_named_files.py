"""Corpora by their file names: real names in small trees, and the oddities of each."""

from pathlib import Path

import pytest

from sernas.base.errors import CorpusError
from sernas.corpora.named_files import NamedFiles
from sernas.corpora.published import published_counts
from sernas.corpora.registry import CORPORA, label_files, labelled, read_corpus
from sernas.settings.corpus import CorpusSettings

NEMO = Path(__file__).resolve().parents[2] / "../shared/corpora/nemo"
NAMED = sorted(name for name, corpus in CORPORA.items() if isinstance(corpus, NamedFiles))

FILES = {
    "ravdess": {
        "Actor_01/03-01-05-02-01-01-01.wav": ("Actor_01", "M", "angry"),
        "Actor_24/03-01-02-01-02-02-24.wav": ("Actor_24", "F", "calm"),
        "Actor_02/03-01-08-01-01-01-02.wav": ("Actor_02", "F", "surprised"),
    },
    "emodb": {
        "wav/03a01Fa.wav": ("03", "M", "happy"),
        "wav/08b10Wc.wav": ("08", "F", "angry"),
        "wav/16a05Td.wav": ("16", "F", "sad"),
        "wav/15b02Aa.wav": ("15", "M", "fearful"),
        "wav/09a07La.wav": ("09", "F", "bored"),
        "wav/13a02Ec.wav": ("13", "F", "disgusted"),
    },
    "crema_d": {
        "AudioWAV/1001_DFA_ANG_XX.wav": ("1001", "", "angry"),
        "AudioWAV/1091_IEO_FEA_LO.wav": ("1091", "", "fearful"),
        "AudioWAV/1040_ITH_SAD_X.wav": ("1040", "", "sad"),  # one X too few
    },
    "savee": {
        "AudioData/DC/a01.wav": ("DC", "M", "angry"),
        "AudioData/JE/sa15.wav": ("JE", "M", "sad"),
        "AudioData/JK/su02.wav": ("JK", "M", "surprised"),
        "AudioData/KL/n30.wav": ("KL", "M", "neutral"),
    },
    "tess": {
        "OAF_Fear/OAF_back_fear.wav": ("OAF", "F", "fearful"),
        "YAF_fear/YAF_back_fear.wav": ("YAF", "F", "fearful"),
        "OAF_Pleasant_surprise/OAF_back_ps.wav": ("OAF", "F", "surprised"),
        "YAF_pleasant_surprised/YAF_back_ps.wav": ("YAF", "F", "surprised"),
        "OAF_neutral/OA_bite_neutral.wav": ("OAF", "F", "neutral"),  # no third speaker
    },
    "esd": {
        "0001/Surprise/0001_001401.wav": ("0001", "", "surprised"),
        "0011/Angry/0011_000351.wav": ("0011", "", "angry"),
        "0020/Neutral/test/0020_000021.wav": ("0020", "", "neutral"),
    },
    "nemo": {
        "samples/EB0_anger_12.wav": ("EB0", "F", "angry"),
        "samples/SM0_surprised_1.wav": ("SM0", "M", "surprised"),
        "samples/KS0_happiness_90.flac": ("KS0", "M", "happy"),
    },
}
OTHERS = {
    "ravdess": ["Actor_01/01-01-05-02-01-01-01.wav", "Actor_25/03-01-05-02-01-01-25.wav"],
    "emodb": ["wav/04a01Fa.wav", "wav/03a01Xa.wav"],
    "crema_d": ["AudioWAV/1001_DFA_XXX_XX.wav"],
    "savee": ["AudioData/AB/a01.wav", "AudioData/DC/x01.wav"],
    "tess": ["OAF_back_joy.wav", "XAF_back_fear.wav"],
    "esd": ["0011/0011_000351.wav", "0021/Angry/0021_000351.wav"],
    "nemo": ["samples/EB0_joy_1.wav"],
}
"""Names that are near."""


def settings(name, root, **others):
    emotions = tuple(dict.fromkeys(CORPORA[name].emotions.values()))
    return CorpusSettings(name, str(root), **{"emotions": emotions} | others)


def write(root, paths):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def read(name, root, **others):
    """Speaker, gender and emotion of what is not left out, by path."""
    rows = labelled(settings(name, root, **others))
    keys = ("speaker", "gender", "emotion")
    return {row["path"]: tuple(row[k] for k in keys) for row in rows if not row["reason"]}


def test_each_has_a_tree_here():
    assert sorted(FILES) == sorted(OTHERS) == NAMED


@pytest.mark.parametrize("name", NAMED)
def test_names_say_speaker_gender_and_emotion(tmp_path, name):
    write(tmp_path, FILES[name])
    assert read(name, tmp_path) == FILES[name]
    assert label_files(settings(name, tmp_path)) == [str(tmp_path)]


@pytest.mark.parametrize("name", NAMED)
def test_a_package_that_holds_itself_is_read_once(tmp_path, name):
    """As Kaggle's of RAVDESS and of TESS."""
    write(tmp_path, [*FILES[name], *(f"a_copy/of it/{path}" for path in FILES[name])])
    assert read(name, tmp_path) == FILES[name]


@pytest.mark.parametrize("name", NAMED)
def test_a_copy_in_a_deeper_folder_is_found(tmp_path, name):
    write(tmp_path, [f"data/{name}/{path}" for path in FILES[name]])
    assert list(read(name, tmp_path).values()) == [
        FILES[name][path] for path in sorted(FILES[name], key=lambda path: (path.count("/"), path))
    ]


@pytest.mark.parametrize("name", NAMED)
def test_other_names_are_left_out_with_a_reason(tmp_path, name):
    write(tmp_path, [*FILES[name], *OTHERS[name]])
    left_out = {r["path"]: r["reason"] for r in labelled(settings(name, tmp_path)) if r["reason"]}
    assert left_out == dict.fromkeys(OTHERS[name], f"its name is not one of the corpus {name}")


@pytest.mark.parametrize("name", NAMED)
def test_files_of_other_names_alone_are_no_corpus(tmp_path, name):
    write(tmp_path, OTHERS[name])
    with pytest.raises(CorpusError, match=r"holds .*; expected in it: .*such as .*corpus_root"):
        read(name, tmp_path)


def test_what_is_hidden_is_not_read(tmp_path):
    path, tuples = next(iter(FILES["emodb"].items()))
    write(tmp_path, [path, "wav/._08b10Wc.wav", ".old/09a07La.wav", "__MACOSX/16a05Td.wav"])
    assert read("emodb", tmp_path) == {path: tuples}


def test_a_name_that_no_table_can_hold(tmp_path):
    write(tmp_path, ["wav/03a01Fa.wav", b"wav/\xe9.wav".decode("utf-8", "surrogateescape")])
    [_, stranger] = labelled(settings("emodb", tmp_path))
    assert stranger["path"].encode("utf-8") == rb"wav/\udce9.wav"


def test_both_layouts_of_savee_give_the_same_utterances(tmp_path):
    folders = write(tmp_path / "folders", ["DC/a01.wav", "JE/sa15.wav"])
    flat = write(tmp_path / "flat", ["DC_a01.wav", "JE_sa15.wav"])
    names = [
        [row["utterance"] for row in labelled(settings("savee", root))] for root in (folders, flat)
    ]
    assert names == [["DC_a01", "JE_sa15"]] * 2


def test_songs_of_ravdess_are_a_subset(tmp_path):
    speech, song = "03-01-05-02-01-01-01", "03-02-05-02-01-01-01"
    write(tmp_path, [f"Actor_01/{name}.wav" for name in (speech, song)])
    for subset, used in ((None, [speech]), ("song", [song]), ("all", [speech, song])):
        table = read_corpus(settings("ravdess", tmp_path, subset=subset, emotions=("angry",)))
        assert list(table.utterances["utterance"]) == used
    [row] = [r for r in labelled(settings("ravdess", tmp_path)) if r["reason"]]
    assert row["reason"] == "song recording; only speech recordings are used"


def test_the_languages_of_esd_are_subsets(tmp_path):
    write(tmp_path, FILES["esd"])
    assert list(read("esd", tmp_path, subset="chinese")) == ["0001/Surprise/0001_001401.wav"]
    assert len(read("esd", tmp_path, subset="english")) == 2


def test_broken_files_of_crema_d_are_left_out(tmp_path):
    write(tmp_path, ["1076_MTI_SAD_XX.wav", "1064_IEO_DIS_MD.wav", "1001_DFA_SAD_XX.wav"])
    table = read_corpus(settings("crema_d", tmp_path, emotions=("sad",)))
    assert list(table.utterances["utterance"]) == ["1001_DFA_SAD_XX"]
    reasons = table.excluded.set_index("utterance")["reason"]
    assert reasons["1076_MTI_SAD_XX"] == "known to be broken: it holds no sound"
    assert reasons["1064_IEO_DIS_MD"] == "known to be broken: it is a minute of all emotions"


def whole(name):
    """Paths with as many names of each emotion as are published, whatever else they say."""
    if name == "ravdess":
        for actor in range(1, 25):
            for emotion in range(1, 9):
                for strong in (1,) if emotion == 1 else (1, 2):
                    for take in ("01-01", "01-02", "02-01", "02-02"):
                        yield f"A/03-01-{emotion:02}-{strong:02}-{take}-{actor:02}.wav"
    elif name == "savee":
        for speaker in ("DC", "JE", "JK", "KL"):
            for code in ("a", "d", "f", "h", "n", "sa", "su"):
                for sentence in range(1, 31 if code == "n" else 16):
                    yield f"{speaker}/{code}{sentence:02}.wav"


@pytest.mark.parametrize(("name", "utterances"), {"ravdess": 1440, "savee": 480}.items())
def test_a_whole_copy_has_the_published_counts(tmp_path, name, utterances):
    write(tmp_path, whole(name))
    corpus = read_corpus(settings(name, tmp_path))
    assert len(corpus.utterances) == utterances
    assert corpus.warnings == []
    next(path for path in tmp_path.rglob("*.wav")).unlink()
    [warning] = read_corpus(settings(name, tmp_path)).warnings
    assert f"{utterances - 1} utterances" in warning
    assert f"{utterances} published" in warning


@pytest.mark.parametrize(
    ("name", "utterances"),
    [("crema_d", 7442), ("emodb", 535), ("esd", 35000), ("iemocap", 10039), ("meld", 13708)]
    + [("msp_improv", 8438), ("nemo", 4481), ("ravdess", 2452), ("savee", 480), ("tess", 2800)],
)
def test_published_counts_add_up_to_the_published_total(name, utterances):
    counts = published_counts()[name, "all"]
    assert sum(counts.values()) == utterances
    assert set(counts) == set(CORPORA[name].emotions.values())


@pytest.mark.skipif(not NEMO.is_dir(), reason="needs the nEMO corpus beside the checkout")
def test_names_of_nemo_say_what_its_manifest_says():
    emotions = ("neutral", "angry", "happy", "sad")
    tables = [
        read_corpus(CorpusSettings(name, str(NEMO), emotions)).utterances.set_index("path")
        for name in ("nemo", "manifest")
    ]
    columns = ["speaker", "gender", "emotion"]
    assert len(tables[0]) == 1024
    assert tables[0][columns].equals(tables[1][columns].loc[tables[0].index])


def test_links_in_a_circle_end(tmp_path):
    write(tmp_path, ["wav/03a01Fa.wav"])
    (tmp_path / "wav/again").symlink_to(tmp_path)
    (tmp_path / "wav/08b10Wc.wav").symlink_to("gone.wav")
    corpus = read_corpus(settings("emodb", tmp_path, emotions=("happy",)))
    assert list(corpus.utterances["path"]) == ["wav/03a01Fa.wav"]
    assert len(corpus.excluded) == 1
