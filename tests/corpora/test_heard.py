from pathlib import Path

import numpy as np
import pytest
import soundfile

from sernas.base.errors import AudioError, CorpusError
from sernas.corpora.heard import heard
from sernas.corpora.left_out import counted
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings

RATE = 8000


def speech(seed):
    return np.random.default_rng(seed).normal(0, 0.1, RATE // 4)


@pytest.fixture
def listen(tmp_path):
    """Makes a corpus of rows and hears it."""

    def listen(rows, **settings):
        lines = ["path,speaker,emotion", *(",".join(row) for row in rows)]
        (tmp_path / "manifest.csv").write_text("\n".join(lines) + "\n")
        settings = CorpusSettings(
            "manifest", str(tmp_path), **{"emotions": ("angry", "sad")} | settings
        )
        return heard(read_corpus(settings), settings, tmp_path / "r.csv", progress=False)

    return listen


@pytest.fixture
def four(tmp_path):
    """Two sound recordings of each emotion."""
    rows = []
    for number, (speaker, emotion) in enumerate(
        (speaker, emotion) for speaker in "12" for emotion in ("angry", "sad")
    ):
        soundfile.write(tmp_path / f"{number}.wav", speech(number), RATE)
        rows.append((f"{number}.wav", speaker, emotion))
    return rows


def reasons(corpus):
    return dict(zip(corpus.excluded["path"], corpus.excluded["reason"], strict=True))


def test_a_sound_corpus_stays_as_it_is(listen, four):
    corpus = listen(four)
    assert list(corpus.utterances["path"]) == [row[0] for row in four]
    assert corpus.excluded.empty


def test_what_cannot_be_used_is_left_out_with_its_reason(listen, four, tmp_path):
    (tmp_path / "bad.wav").write_bytes((tmp_path / "0.wav").read_bytes()[:-1000])
    rows = [*four, ("bad.wav", "2", "sad")]
    corpus = listen(rows)
    assert list(corpus.utterances["path"]) == [row[0] for row in four]
    assert reasons(corpus)["bad.wav"].startswith("expected a whole file, found a truncated one")
    assert list(corpus.excluded[["speaker", "emotion"]].iloc[0]) == ["2", "sad"]
    with pytest.raises(AudioError, match=r"bad\.wav: expected a whole file"):
        listen(rows, on_bad_audio="fail")


COPIES = {  # the same samples
    "the same bytes": ("copy.wav", {}),
    "another container": ("copy.flac", {}),
    "more bits": ("copy.wav", {"subtype": "PCM_24"}),
}


@pytest.fixture(params=COPIES.values(), ids=COPIES)
def copy(request, four, tmp_path):
    """The path of a file with the samples of 0.wav, which is of speaker 1 and angry."""
    name, how = request.param
    soundfile.write(tmp_path / name, *soundfile.read(tmp_path / "0.wav"), **how)
    return name


def test_a_copy_under_the_same_labels_is_left_out(listen, four, copy):
    corpus = listen([*four, (copy, "1", "angry")])
    assert list(corpus.utterances["path"]) == [row[0] for row in four]
    assert reasons(corpus) == {copy: "it holds the same samples as 0.wav"}


@pytest.mark.parametrize("labels", [("2", "angry"), ("1", "sad"), ("2", "sad")])
def test_a_copy_under_other_labels_is_an_error_that_names_both(listen, four, copy, labels):
    with pytest.raises(CorpusError) as error:
        listen([*four, (copy, *labels)])
    assert "0.wav (1, angry)" in str(error.value)
    assert f"{copy} ({', '.join(labels)})" in str(error.value)


def test_a_class_that_loses_its_last_utterance(listen, four, tmp_path):
    for path, _, emotion in four:
        if emotion == "sad":
            (tmp_path / path).write_bytes(b"no audio")
    with pytest.raises(CorpusError, match=r"no usable .* sad \(2 usable; left out: 2 x found"):
        listen(four)


def test_more_faults_than_may_be(listen, four, tmp_path):
    missing = [(f"gone{n}.wav", "1", "angry") for n in range(3)]
    misspelt = [("0.wav", "1", "angri"), ("1.wav", "1", "sadd")]
    rows = [*four[2:], *missing, *misspelt, ("x.wav", "1", "joyful")]
    with pytest.raises(CorpusError) as error:
        listen(rows)
    for said in (
        "at most 50 % of the recordings to be faulty (most_left_out), found 5 of 7",
        "3 x audio file is missing",
        'emotion "angri" is not one of angry, sad; did you mean angry?',
    ):
        assert said in str(error.value)
    corpus = listen(rows, most_left_out=0.72)
    assert len(corpus.utterances) == 2
    assert len(corpus.excluded) == 6


def test_what_is_left_out_on_purpose_is_no_fault(listen, four):
    other = [(f"{n}.wav", "1", "joyful") for n in range(10, 30)]
    assert len(listen([*four, *other], most_left_out=0).utterances) == 4


def test_each_is_heard_once(listen, four, monkeypatch):
    import sernas.audio.recording

    listen(four)
    monkeypatch.setattr(sernas.audio.recording, "examine", lambda *_: 1 / 0)
    assert len(listen(four).utterances) == 4
    with pytest.raises(ZeroDivisionError):
        listen(four, silence_db=-60)


def test_no_file_of_the_corpus_is_touched(listen, four, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in Path(tmp_path).glob("*.wav")}
    listen(four)
    assert before == {path: path.stat().st_mtime_ns for path in Path(tmp_path).glob("*.wav")}


def test_copies_are_counted_together(listen, four, tmp_path):
    for name in ("x.wav", "y.wav"):
        (tmp_path / name).write_bytes((tmp_path / four[0][0]).read_bytes())
    (tmp_path / "z.wav").write_bytes((tmp_path / four[1][0]).read_bytes())
    copies = [(name, *four[0][1:]) for name in ("x.wav", "y.wav")] + [("z.wav", *four[1][1:])]
    found = counted(listen([*four, *copies]).excluded["reason"])
    assert found == "3 x it holds the same samples as another"
