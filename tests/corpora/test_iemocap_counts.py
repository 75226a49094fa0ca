from collections import Counter

import pytest

from sernas.corpora.parsers.iemocap_counts import published_counts
from sernas.corpora.registry import read_corpus
from sernas.settings.corpus import CorpusSettings

FOUR = ("neutral", "angry", "happy", "sad")
CODES = {"neutral": "neu", "angry": "ang", "happy": "hap", "sad": "sad", "excited": "exc"}


def write_release(root, counts, kind="impro01"):
    """A tree with so many utterances of each (speaker, emotion), one dialog a session."""
    lines, numbers = {}, Counter()
    for (speaker, emotion), count in counts.items():
        session, dialog = f"Session{speaker[4]}", f"{speaker[:5]}F_{kind}"
        wavs = root / session / "sentences/wav" / dialog
        wavs.mkdir(parents=True, exist_ok=True)
        for _ in range(count):
            utterance = f"{dialog}_{speaker[5]}{numbers[speaker]:03d}"
            numbers[speaker] += 1
            line = f"[1.0 - 2.0]\t{utterance}\t{CODES[emotion]}\t[2.5, 2.5, 2.5]"
            lines.setdefault((session, dialog), []).append(line)
            (wavs / f"{utterance}.wav").touch()
    for (session, dialog), text in lines.items():
        folder = root / session / "dialog/EmoEvaluation"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{dialog}.txt").write_text("\n".join(text))


def read(root, emotions=FOUR, **others):
    return read_corpus(CorpusSettings("iemocap", str(root), emotions, **others))


@pytest.fixture
def counts():
    return published_counts()


def test_the_published_counts(counts):
    classes = Counter()
    for (_, emotion), count in counts.items():
        classes[emotion] += count
    assert classes == {"neutral": 1099, "angry": 289, "happy": 284, "sad": 608, "excited": 663}
    assert len(counts) == 10 * 5
    assert counts["Ses05M", "sad"] == 60


def test_a_complete_release_has_2280_utterances_and_no_warning(tmp_path, counts):
    write_release(tmp_path, counts)
    corpus = read(tmp_path)
    assert len(corpus.utterances) == 2280
    assert corpus.utterances["speaker"].nunique() == 10
    assert len(corpus.excluded) == 663
    assert corpus.warnings == []


def test_shortfalls_and_surpluses_are_named(tmp_path, counts):
    counts["Ses01F", "happy"] -= 3
    counts["Ses02M", "angry"] += 1
    counts["Ses03F", "excited"] = 0  # not asked for
    counts |= {cell: 0 for cell in counts if cell[0].startswith("Ses04")}
    write_release(tmp_path, counts)
    (warning,) = read(tmp_path).warnings
    assert "with audio, 1908 labelled, 2280 published" in warning
    assert "Wholly missing: Session4." in warning
    assert "Found/published: Ses01F happy 15/18, Ses02M angry 16/15." in warning


def test_labels_without_audio_are_named(tmp_path, counts):
    write_release(tmp_path, counts)
    next(tmp_path.glob("Session5/sentences/wav/*/*_M000.wav")).unlink()
    (warning,) = read(tmp_path).warnings
    assert "2279 improvised utterances of neutral, angry, happy, sad with audio, 2280 l" in warning
    assert "Found/published: Ses05M neutral 135/136 (136 labelled)." in warning
    assert "missing" not in warning


def test_only_wanted_classes_with_published_counts_are_compared(tmp_path, counts):
    counts["Ses01F", "sad"] = 0
    write_release(tmp_path, counts)
    assert read(tmp_path, ("neutral", "excited")).warnings == []
    (warning,) = read(tmp_path, ("sad",)).warnings
    assert "565 improvised utterances of sad with audio" in warning


SCRIPTED = {"neutral": 609, "angry": 814, "happy": 311, "sad": 476, "excited": 378}


def test_the_5531_utterances_of_most_papers(tmp_path, counts):
    write_release(tmp_path, counts)
    write_release(tmp_path, {("Ses05M", each): n for each, n in SCRIPTED.items()}, "script01_1")
    whole = {"subset": "all", "merge": {"excited": "happy"}}
    corpus = read(tmp_path, **whole)
    assert len(corpus.utterances) == 5531
    assert corpus.utterances["emotion"].value_counts().to_dict() == {
        **{"neutral": 1708, "happy": 1636, "angry": 1103, "sad": 1084}
    }
    assert corpus.warnings == read(tmp_path, subset="all").warnings == []
    assert read(tmp_path, subset="scripted").warnings == []
    assert read(tmp_path, merge={"excited": "happy"}).warnings == []
    next(tmp_path.glob("Session5/dialog/EmoEvaluation/*script*.txt")).unlink()
    [warning] = read(tmp_path, **whole).warnings
    assert "happy 947/1636" in warning
    assert "2943 utterances" in warning
