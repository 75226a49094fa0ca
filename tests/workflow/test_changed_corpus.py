"""Recordings that are repaired, replaced, added, touched or moved after a run."""

import os
import shutil

import numpy as np
import pandas as pd
import pytest
import soundfile
from workflow.clone import Clone

TARGETS = ("results/folds/fold1.csv", "results/excluded.csv")
EVERY = {"prepare_corpus", "extract_features", "list_excluded", "make_folds"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A recording of which the corpus has but half."""
    path = tmp_path_factory.mktemp("whole") / "A_sad_0.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 8000), 16000)
    return path


@pytest.fixture(scope="module")
def ours(tmp_path_factory, whole):
    """A clone in which a corpus has come to its folds; what was printed; its folder."""
    folder = tmp_path_factory.mktemp("changed")
    corpus = folder / "corpus"
    corpus.mkdir()
    rows = ["path,speaker,emotion"]
    for seed, (speaker, emotion, number) in enumerate(
        (s, e, n) for s in "ABCD" for e in ("angry", "sad") for n in range(2)
    ):
        name = f"{speaker}_{emotion}_{number}.wav"
        soundfile.write(corpus / name, np.random.default_rng(seed + 1).normal(0, 0.1, 8000), 16000)
        rows.append(f"{name},{speaker},{emotion}")
    (corpus / "manifest.csv").write_text("\n".join(rows) + "\n")
    (corpus / whole.name).write_bytes(whole.read_bytes()[:9000])
    config = {
        "corpus": "manifest",
        "corpus_root": "corpus",
        "emotions": ["angry", "sad"],
        "folds": {"scheme": "speaker", "count": 4},
    }
    clone = Clone(folder / "clone", config)
    shutil.move(corpus, clone.folder / "corpus")
    status, text = clone.snakemake(*TARGETS)
    assert status == 0, text
    return clone, text


def excluded(clone):
    return pd.read_csv(clone.folder / "results/excluded.csv")["path"].tolist()


def replace(clone, name, content):
    (clone.folder / "corpus" / name).write_bytes(content)


def test_what_is_left_out_is_said_on_the_terminal(ours):
    clone, text = ours
    assert "1 of 16 utterances are left out (1 x found a truncated one)" in text
    assert "results/corpus/excluded.csv lists them" in text
    assert excluded(clone) == ["A_sad_0.wav"]


def test_nothing_is_redone_for_another_date_or_folder(ours):
    clone, _ = ours
    assert clone.would_run(*TARGETS) == set()
    for path in (clone.folder / "corpus").iterdir():
        os.utime(path)
    assert clone.would_run(*TARGETS) == set()
    moved = ("--config", "corpus_root=elsewhere")
    shutil.move(clone.folder / "corpus", clone.folder / "elsewhere")
    assert clone.would_run(*TARGETS, *moved) == set()
    shutil.move(clone.folder / "elsewhere", clone.folder / "corpus")


def test_trimming_redoes_features_and_lists_no_corpus_anew(ours):
    clone, _ = ours
    trimmed = clone.would_run(*TARGETS, "--config", "trim_db=30")
    assert trimmed == EVERY - {"prepare_corpus"}


def test_a_recording_that_goes_or_changes_is_noticed(ours, whole):
    clone, _ = ours
    aside = clone.folder / "aside.wav"
    shutil.move(clone.folder / "corpus/B_sad_1.wav", aside)
    assert clone.would_run(*TARGETS) == EVERY
    shutil.copy(whole, clone.folder / "corpus/B_sad_1.wav")
    assert clone.would_run(*TARGETS) == EVERY
    shutil.move(aside, clone.folder / "corpus/B_sad_1.wav")
    assert clone.would_run(*TARGETS) == set()


def test_a_repaired_recording_is_used_by_the_next_run(ours, whole):
    clone, _ = ours
    replace(clone, "A_sad_0.wav", whole.read_bytes())
    _, text = clone.snakemake(*TARGETS, "-n")
    assert "since the last run: 1 (A_sad_0.wav)" in text
    assert clone.would_run(*TARGETS) == EVERY
    status, text = clone.snakemake(*TARGETS)
    assert status == 0, text
    assert "left out" not in text
    assert excluded(clone) == []
    split = pd.read_csv(clone.folder / "results/folds/fold1.csv")
    assert "A_sad_0" in set(split["utterance"])
    assert clone.would_run(*TARGETS) == set()


def test_bad_recordings_are_told_before_any_job_and_nothing_is_lost(ours):
    clone, _ = ours
    before = (clone.folder / "results/features.h5").read_bytes()
    for name in ("A_sad_0.wav", "A_sad_1.wav", "B_sad_0.wav", "B_sad_1.wav"):
        replace(clone, name, b"no audio")
    for name in ("C_sad_0.wav", "C_sad_1.wav", "D_sad_0.wav", "D_sad_1.wav"):
        replace(clone, name, b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n")
    status, text = clone.snakemake(*TARGETS)
    assert status == 1
    assert "no usable utterance with emotion sad" in text
    assert "git-lfs" in text
    assert (clone.folder / "results/features.h5").read_bytes() == before


def test_a_class_that_is_lost_for_bad_audio_in_a_role_names_the_files(ours):
    clone, _ = ours
    for name in ("A_sad_0.wav", "A_sad_1.wav", "B_sad_0.wav", "B_sad_1.wav"):
        replace(clone, name, b"no audio")
    for seed, name in enumerate(("C_sad_0.wav", "C_sad_1.wav", "D_sad_0.wav", "D_sad_1.wav")):
        noise = np.random.default_rng(100 + seed).normal(0, 0.1, 8000)
        soundfile.write(clone.folder / "corpus" / name, noise, 16000)
    status, text = clone.snakemake(*TARGETS)
    assert status == 1
    assert "found sad from 2" in text
    assert "repair A_sad_0.wav (expected audio that libsndfile reads" in text
