from pathlib import Path

import pytest

from sernas.base.errors import CorpusError
from sernas.corpora.registry import label_files, read_corpus
from sernas.settings.corpus import CorpusSettings

NEMO = Path(__file__).resolve().parents[2] / "../shared/corpora/nemo"
GOOD = "path,speaker,emotion\na/1.wav,NA,sad\nb/2.flac,null,angry\n"


def settings(root, **others):
    emotions = {"emotions": ("angry", "sad")}
    return CorpusSettings("manifest", str(root), **emotions | others)


def write(root, text, audio=("a/1.wav", "b/2.flac")):
    (root / "manifest.csv").write_text(text, encoding="utf-8")
    for name in audio:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def rows(table):
    return table.to_numpy().tolist()


def test_the_least_that_a_manifest_may_have(tmp_path):
    write(tmp_path, GOOD)
    corpus = read_corpus(settings(tmp_path))
    assert rows(corpus.utterances) == [
        ["a/1", "a/1.wav", "NA", "", "", "sad"],  # no speaker is turned into a missing value
        ["b/2", "b/2.flac", "null", "", "", "angry"],
    ]
    assert corpus.excluded.empty
    assert corpus.warnings == []
    assert label_files(settings(tmp_path)) == [str(tmp_path / "manifest.csv")]


def test_all_columns_in_any_order_with_a_byte_order_mark(tmp_path):
    text = (
        "\ufeffemotion,gender,age,session,path,utterance,speaker\r\n"
        'sad,F,33,01,"./a//1.wav",u2,"Łucja, 2"\r\n\r\nangry,,,02,b/../b/2.flac,u1,X\r\n'
    )
    write(tmp_path, text)
    assert rows(read_corpus(settings(tmp_path)).utterances) == [
        ["u1", "b/2.flac", "X", "02", "", "angry"],
        ["u2", "a/1.wav", "Łucja, 2", "01", "F", "sad"],
    ]


def test_other_emotions_and_missing_audio_are_left_out_with_reasons(tmp_path):
    write(tmp_path, GOOD + "c/3.wav,X,joyful\nc/4.wav,X,sad\n")
    corpus = read_corpus(settings(tmp_path))
    assert list(corpus.utterances["utterance"]) == ["a/1", "b/2"]
    assert rows(corpus.excluded) == [
        ["c/3", "c/3.wav", "X", "joyful", 'emotion "joyful" is not one of angry, sad'],
        ["c/4", "c/4.wav", "X", "sad", "audio file is missing"],
    ]
    with pytest.raises(CorpusError, match=r"c/4: expected the audio file .*on_bad_audio"):
        read_corpus(settings(tmp_path, on_bad_audio="fail"))


def test_the_manifest_may_have_another_name(tmp_path):
    write(tmp_path, GOOD)
    (tmp_path / "manifest.csv").rename(tmp_path / "labels.csv")
    assert len(read_corpus(settings(tmp_path, manifest="labels.csv")).utterances) == 2
    with pytest.raises(CorpusError, match=r"holds a, b, labels\.csv; expected .* manifest\.csv"):
        read_corpus(settings(tmp_path))


BAD = {
    "missing column": ("path,emotion\na/1.wav,sad\n", 1, r"found path, emotion \(speaker missing"),
    "semicolons": ("path;speaker;emotion\na;b;c\n", 1, "path, speaker, emotion missing"),
    "column twice": ("path,speaker,emotion,path\na,b,sad,c\n", 1, "path repeated"),
    "nothing": ("", 1, "found nothing"),
    "path twice": (GOOD + "a/1.wav,X,sad\n", 4, r"'a/1\.wav' of line 2 again"),
    "path twice, written otherwise": (GOOD + "./b//2.flac,X,sad\n", 4, "'b/2.flac' of line 3"),
    "utterance twice": (GOOD + "a/1.flac,X,sad\n", 4, "each utterance once, found 'a/1' of line 2"),
    "no path": (GOOD + ",X,sad\n", 4, "non-empty path"),
    "no speaker": (GOOD + "\n\nc.wav,,sad\n", 6, "non-empty speaker"),
    "no emotion": (GOOD + "c.wav,X,\n", 4, "non-empty emotion"),
    "spaces": (GOOD + "c.wav, X,sad\n", 4, "speaker without spaces around it, found ' X'"),
    "emotion in capitals": (GOOD + "c.wav,X,Sad\n", 4, "emotion 'sad' .*found 'Sad'; write them"),
    "emotion in other letters": (
        GOOD + "c.wav,X,s\u200bad\n",
        *(4, r"emotion 'sad' .*\('s\\u200bad'\); write them"),
    ),
    "emotion with a space": (GOOD + "c.wav,X,sad \n", 4, "emotion without spaces"),
    "leaves the root": (GOOD + "a/../../c.wav,X,sad\n", 4, "inside the corpus folder"),
    "absolute": (GOOD + "/c.wav,X,sad\n", 4, "inside the corpus folder"),
    "backslashes": (GOOD + "c\\d.wav,X,sad\n", 4, "forward slashes"),
    "too few fields": (GOOD + "c.wav,X\n", 4, "expected 3 fields, found 2"),
    "too many fields": (GOOD + "c,d.wav,X,sad\n", 4, "expected 3 fields, found 4"),
    "open quote": (GOOD + '"c.wav,X,sad\n', 4, "expected CSV"),
    "unknown gender": (
        "path,speaker,emotion,gender\na/1.wav,X,sad,female\n",
        *(2, "the gender F, M or nothing, found 'female'"),
    ),
    "speaker in two sessions": (
        "path,speaker,emotion,session\na/1.wav,X,sad,1\nb/2.flac,X,angry,2\n",
        *(3, "one session a speaker, found '2' for speaker X, who has '1' in line 2"),
    ),
    "speaker with two genders": (
        "path,speaker,emotion,gender\na/1.wav,X,sad,F\nb/2.flac,X,angry,M\n",
        *(3, "one gender a speaker, found 'M' for speaker X, who has 'F' in line 2"),
    ),
}


@pytest.mark.parametrize(("text", "line", "message"), BAD.values(), ids=BAD)
def test_bad_rows_are_named(tmp_path, text, line, message):
    write(tmp_path, text)
    with pytest.raises(CorpusError, match=message) as error:
        read_corpus(settings(tmp_path))
    assert f"{tmp_path / 'manifest.csv'}, line {line}: expected" in str(error.value)


def test_text_that_is_not_utf8(tmp_path):
    (tmp_path / "manifest.csv").write_bytes(GOOD.encode() + "c.wav,Łucja,sad\n".encode("latin2"))
    with pytest.raises(CorpusError, match=r"line 4: expected CSV in UTF-8.*save the file"):
        read_corpus(settings(tmp_path))


def test_a_header_alone(tmp_path):
    write(tmp_path, "path,speaker,emotion\n")
    with pytest.raises(CorpusError, match="expected a row an utterance, found none"):
        read_corpus(settings(tmp_path))


def test_a_class_without_utterances(tmp_path):
    write(tmp_path, GOOD + "c.wav,X,sadness\n")
    with pytest.raises(CorpusError, match=r"no usable .* emotion happy \(2 .*correct emotions"):
        read_corpus(settings(tmp_path, emotions=("angry", "sad", "happy")))


@pytest.mark.skipif(not NEMO.is_dir(), reason="needs the nEMO corpus beside the checkout")
def test_nemo():
    corpus = read_corpus(settings(NEMO, emotions=("neutral", "angry", "happy", "sad")))
    assert len(corpus.utterances) == 1024
    assert corpus.utterances["speaker"].nunique() == 9
    assert set(corpus.utterances["gender"]) == {"F", "M"}
    assert corpus.excluded.empty
