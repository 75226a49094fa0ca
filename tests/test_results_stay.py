"""What was made stays as it was, to the byte, when the next attempt fails."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch

from sernas.base.errors import SernasError
from sernas.base.files import write_csv, write_text
from sernas.corpora.demo import make_demo_corpus
from sernas.features.extract import extract
from sernas.features.store import FeatureStore
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import Statistics, training_statistics
from sernas.models import build_system
from sernas.models.model_file import Description, save_model
from sernas.settings.corpus import DemoSettings
from sernas.settings.features import FeatureSettings
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

FEATURES = FeatureSettings(16000, 40, 20, 1024, 0, 8000, 32, "log", 1e-4)
DEMO = DemoSettings(utterances_per_emotion=1, seconds=(0.5, 0.6), difficulty=0.5, seed=1)


class Unwritable:
    """What no writer can turn into bytes."""

    def __str__(self):
        raise RuntimeError("no text")

    __repr__ = __reduce__ = __str__


def manifest_of(root, change=lambda table: table):
    from sernas.corpora.registry import read_corpus
    from sernas.settings.corpus import CorpusSettings

    emotions = ("neutral", "angry", "happy", "sad")
    return change(read_corpus(CorpusSettings("demo", str(root), emotions)).utterances)


def write_store(tiny, folder):
    (folder / "short.wav").write_bytes(b"RIFF")

    def change(table):
        return table.assign(path=[*table["path"][:-1], str(folder / "short.wav")])

    extract(
        manifest_of(tiny.corpus, change),
        tiny.corpus,
        folder / "out.h5",
        FEATURES,
        "fail",
        progress=False,
    )


def write_split_of_too_few(tiny, folder):
    with FeatureStore(tiny.features) as store:
        settings = dataclasses.replace(tiny.folds, count=4)
        write_split(make_folds(store.index, settings, tiny.emotions)[1], folder / "out.csv")


def write_statistics(tiny, folder):
    with FeatureStore(tiny.features) as store:
        split = make_folds(store.index, tiny.folds, tiny.emotions)[1]
        training_statistics(store, split.replace("Ses02F", "Ses09F"), "bin").save(
            folder / "out.npz"
        )


def save_unwritable_statistics(tiny, folder):
    Statistics(Unwritable(), np.ones(3), ("a",)).save(folder / "out.npz")


def save_unwritable_model(tiny, folder):
    architecture = search_space("cnn_rnn_att").baseline
    network = build_system("cnn_rnn_att", n_bins=32)
    network.register_buffer("evil", torch.ones(1))
    network.state_dict = lambda: {"weight": torch.ones(1), "other": None}  # has no .cpu()
    save_model(
        folder / "out.pt",
        network,
        Description(
            "cnn_rnn_att", architecture, ((1, 32),), tiny.emotions, SpaceSettings(), ("A",)
        ),
    )


WRITERS = {
    "a store of bad audio": ("out.h5", write_store),
    "a split that the corpus does not fit": ("out.csv", write_split_of_too_few),
    "statistics of unknown speakers": ("out.npz", write_statistics),
    "statistics that cannot be written": ("out.npz", save_unwritable_statistics),
    "a model that cannot be written": ("out.pt", save_unwritable_model),
    "a table that cannot be written": (
        "out.csv",
        lambda tiny, folder: write_csv(pd.DataFrame({"a": [1, Unwritable()]}), folder / "out.csv"),
    ),
    "text that is no UTF-8": (
        "out.json",
        lambda tiny, folder: write_text(folder / "out.json", "\ud800"),
    ),
}


@pytest.mark.parametrize(("name", "write"), WRITERS.values(), ids=WRITERS)
def test_a_writer_that_fails_leaves_what_was_there(tiny, tmp_path, name, write):
    out = tmp_path / name
    out.write_bytes(b"an earlier result")
    before = out.stat()
    with pytest.raises((SernasError, RuntimeError, AttributeError, UnicodeEncodeError)):
        write(tiny, tmp_path)
    assert out.read_bytes() == b"an earlier result"
    assert (out.stat().st_mtime_ns, out.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert not list(tmp_path.glob(".*"))


def test_the_demo_corpus_replaces_nothing_but_itself(tmp_path):
    mine = tmp_path / "demo/mine.txt"
    mine.parent.mkdir()
    mine.write_text("a year's work")
    with pytest.raises(SernasError, match="move or remove that folder"):
        make_demo_corpus(tmp_path / "demo", DEMO)
    assert mine.read_text() == "a year's work"
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
