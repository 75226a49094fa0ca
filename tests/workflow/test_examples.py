"""The examples of what a user adds, all together from files to the table."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
import soundfile
from workflow.clone import ROOT, TINY, Clone

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
EMOTIONS = {"neu": "neutral", "gio": "happy", "tri": "sad", "rab": "angry"}
RATE = 16000
CANDIDATES = ["5x5", "4x4", "dilated_3x3", "average_3x3"]
CONFIG = TINY | {
    "plugins": [f"examples/{path.name}" for path in EXAMPLES],
    "corpus": "emovo",
    "corpus_root": "emovo",
    "folds": {"scheme": "speaker", "count": 2, "validation_speakers": 1, "segment_s": 0.5},
    "systems": ["cnn_seqcap", "cnn_transformer"],
    "strategies": ["none", "annealed"],
    "space": {"candidates": {"conv2d_3": CANDIDATES}},
    "search": {"epochs": 2, "architecture_epochs": 2, "architecture_learning_rate": 0.05},
    "optimisation": {"batch_size": 4},
}


def write_emovo(root):
    """Tones in noise under the names of EMOVO: the emotion is the pitch."""
    rng = np.random.default_rng(0)
    time = np.arange(int(0.5 * RATE)) / RATE
    for speaker in ("f1", "f2", "m1", "m2"):
        folder = root / speaker
        folder.mkdir(parents=True)
        for number, code in enumerate(EMOTIONS):
            for sentence in ("b1", "n2"):
                tone = np.sin(2 * np.pi * 300 * (1 + number) * time)
                noise = rng.standard_normal(len(time))
                name = f"{code}-{speaker}-{sentence}.wav"
                soundfile.write(folder / name, 0.2 * tone + 0.02 * noise, RATE)
    for name in ("dis-f1-b1", "notes"):  # another emotion, and no file of the corpus
        soundfile.write(root / f"f1/{name}.wav", 0.1 * noise, RATE)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    clone = Clone(tmp_path_factory.mktemp("examples"), CONFIG)
    shutil.copytree(ROOT / "examples", clone.folder / "examples")
    write_emovo(clone.folder / "emovo")
    status, text = clone.snakemake()
    assert status == 0, text
    return clone


def test_there_is_one_short_file_for_each_thing_that_a_user_adds():
    names = {path.stem for path in EXAMPLES}
    assert names == {"corpus", "operation", "strategy", "system"}
    assert all(len(path.read_text().splitlines()) < 60 for path in EXAMPLES)


def test_the_table_has_all_rows_by_their_names(ours):
    table = pd.read_csv(ours.folder / "results/table2.csv")
    rows = set(zip(table["system"], table["nas"], strict=True))
    assert rows == {(s, n) for s in CONFIG["systems"] for n in CONFIG["strategies"]}
    assert table["ua"].between(0, 100).all()
    text = (ours.folder / "results/table2.md").read_text()
    assert "CNN and Transformer" in text
    assert "ublished" not in text  # what the paper has of IEMOCAP says nothing of this corpus
    assert table["published_ua"].isna().all()


def test_the_corpus_is_read_by_its_file_names(ours):
    manifest = pd.read_csv(ours.folder / "results/corpus/manifest.csv")
    assert len(manifest) == 4 * 4 * 2
    assert set(manifest["emotion"]) == set(EMOTIONS.values())
    assert manifest.groupby("speaker")["gender"].unique().map(list).to_dict() == {
        "f1": ["F"],
        "f2": ["F"],
        "m1": ["M"],
        "m2": ["M"],
    }
    excluded = pd.read_csv(ours.folder / "results/excluded.csv").set_index("utterance")["reason"]
    assert excluded["dis-f1-b1"].startswith('emotion "disgusted" is not one of')
    assert excluded["f1/notes.wav"].startswith("its name is not")


def test_the_operations_are_searched(ours):
    history = pd.read_csv(ours.folder / "results/search/cnn_seqcap/annealed/seed1/fold1.csv")
    weights = [f"weight/conv2d_3/{name}" for name in CANDIDATES]
    assert history[weights].iloc[-1].sum() == pytest.approx(1)
    assert len(set(history[weights].iloc[-1])) > 1
    [found] = json.loads(
        (ours.folder / "results/search/cnn_seqcap/annealed/seed1/fold1.json").read_text()
    )
    assert found["conv2d_3"] in CANDIDATES
    assert (ours.folder / "results/architecture_weights/cnn_transformer_annealed.png").is_file()


def test_another_run_has_nothing_to_do_and_an_edit_redoes_what_it_concerns(ours):
    assert ours.would_run() == set()
    strategy = ours.folder / "examples/strategy.py"
    text = strategy.read_text()
    strategy.write_text(text + "\nMORE = 1\n")
    would_run = ours.would_run()
    assert {"search_architecture", "train_system", "make_table"} <= would_run
    assert "extract_features" not in would_run
    strategy.write_text(text + "\n# a comment\n")
    assert ours.would_run() == set()
    corpus = ours.folder / "examples/corpus.py"
    text = corpus.read_text()
    corpus.write_text(text + "\nMORE = 1\n")
    assert "prepare_corpus" in ours.would_run()
    corpus.write_text(text)
