"""Extractions that are ended, by SIGKILL and otherwise, go on and give the very same store."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
import torch

from sernas.base.errors import DiskFullError
from sernas.features import embeddings
from sernas.features.embeddings import extract_embeddings
from sernas.features.partial_store import PartialStore
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.settings.features import EmbeddingSettings, SpeechModelSettings

BATCHES = 60
EXTRACTION = """
import sys
from pathlib import Path
import pandas as pd
import torch
from sernas.features.embeddings import extract_embeddings
from sernas.settings.features import SpeechModelSettings

torch.set_num_threads(1)
root, out, partial, model = map(Path, sys.argv[1:])
manifest = pd.read_csv(root / "manifest.csv", dtype=str)
extract_embeddings(
    manifest, root, out, SpeechModelSettings(str(model), 2.0), "fail", torch.device("cpu"), partial,
    threads=2, progress=False,
)
"""


@pytest.fixture
def many(corpus):
    """160 utterances, in a manifest.csv beside their audio."""
    manifest, root = corpus
    copies = [manifest.assign(utterance=manifest["utterance"] + f"_{n}") for n in range(20)]
    pd.concat(copies, ignore_index=True).to_csv(root / "manifest.csv", index=False)
    return pd.read_csv(root / "manifest.csv", dtype=str), root


@pytest.fixture
def embed(many, tmp_path, tiny_model):
    def make(name, manifest=many[0], **changes):
        out, partial = tmp_path / f"{name}.h5", tmp_path / f"resume_{name}"
        settings = SpeechModelSettings(str(tiny_model()), 2.0)
        extract_embeddings(
            manifest, many[1], out, settings, "fail", torch.device("cpu"), partial,
            **{"progress": False} | changes,
        )  # fmt: skip
        return out

    return make


@pytest.fixture(scope="module")
def kept():
    return []


@pytest.fixture
def whole(embed, kept):
    """The bytes of a store whose extraction nothing ended."""
    if not kept:
        kept.append(embed("whole").read_bytes())
    return kept[0]


@pytest.fixture
def ended(embed, many, monkeypatch):
    """Extracts ``out`` until its model is asked for batch ``last``, and comes to no end."""

    def end(last, name="out", **changes):
        asked = count_batches(monkeypatch, last)
        with pytest.raises(KeyboardInterrupt):
            embed(name, **changes)
        monkeypatch.undo()
        return asked

    return end


def count_batches(monkeypatch, last=10**6):
    asked = []

    class Model(embeddings.SpeechModel):
        def __call__(self, audio):
            asked.append(len(audio))
            if len(asked) == last:
                raise KeyboardInterrupt
            return super().__call__(audio)

    monkeypatch.setattr(embeddings, "SpeechModel", Model)
    return asked


def test_killed_twice(embed, whole, many, tmp_path, tiny_model, monkeypatch):
    out, partial = tmp_path / "out.h5", tmp_path / "resume_out"
    arguments = [sys.executable, "-c", EXTRACTION, many[1], out, partial, tiny_model()]
    done = 0
    for more in (1, 20):
        process = subprocess.Popen(arguments)
        while progress(partial) < done + more:
            assert process.poll() is None, "ended before it was killed"
            time.sleep(0.001)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert not out.exists()
        done = progress(partial)
    asked = count_batches(monkeypatch)
    embed("out")
    assert out.read_bytes() == whole
    assert not partial.exists()
    assert done + len(asked) == BATCHES  # none twice
    assert len(FeatureStore(out).index) == 160


def progress(partial):
    try:
        return json.loads((partial / "done.json").read_text())["done"]
    except FileNotFoundError:
        return 0


def test_an_end_after_the_last_batch(embed, whole, monkeypatch, tmp_path):
    def ended(*_):
        raise KeyboardInterrupt

    out = tmp_path / "out.h5"
    monkeypatch.setattr(os, "replace", lambda a, b: ended() if b == out else os.rename(a, b))
    with pytest.raises(KeyboardInterrupt):
        embed("out")
    monkeypatch.undo()
    asked = count_batches(monkeypatch)
    assert embed("out").read_bytes() == whole
    assert asked == []


@pytest.mark.parametrize("what", ["audio", "labels", "code", "nothing"])
def test_it_goes_on_only_with_the_same(embed, whole, ended, many, monkeypatch, caplog, what):
    manifest, root = many
    ended(20)
    changes = {}
    if what == "audio":
        (root / "u0.wav").write_bytes((root / "u1.wav").read_bytes())
    elif what == "labels":
        changes["manifest"] = manifest.assign(emotion=manifest["emotion"][::-1].to_numpy())
    elif what == "code":
        changes["code"] = "other"
    expected = whole if what == "nothing" else embed("changed", **changes).read_bytes()
    asked = count_batches(monkeypatch)
    assert embed("out", **changes).read_bytes() == expected
    assert (len(asked) == BATCHES - 19) == (what == "nothing")
    assert ("is passed over: it is of other settings" in caplog.text) == (what != "nothing")


def cut(path):
    path.write_bytes(path.read_bytes()[:1000])


@pytest.mark.parametrize("name", ["store.h5", "done.json"])
@pytest.mark.parametrize("spoil", [cut, os.unlink])
def test_a_damaged_unfinished_store_gives_way(embed, whole, ended, tmp_path, caplog, name, spoil):
    ended(20)
    if (name, spoil) == ("done.json", cut):
        (tmp_path / "resume_out" / name).write_text('{"of": "')
    else:
        spoil(tmp_path / "resume_out" / name)
    assert embed("out").read_bytes() == whole
    assert f"{name}: expected" in caplog.text


SETTINGS = EmbeddingSettings("m", "0", 16000, 320, 3, 16)


def reserve(path, utterances=4, frames=2000):
    with open_writer(path, utterances * frames, SETTINGS) as writer:
        for n in range(utterances):
            labels = {"speaker": "A", "session": "1", "gender": "F", "emotion": "sad"}
            writer.reserve(frames, 1.0, "", utterance=f"u{n}", **labels)


def test_a_disk_that_fills_up_meanwhile(small_disk):
    """What is there stays, and it goes on when there is room."""
    disk = small_disk(2000)
    folder, out = disk.folder / "resume", disk.folder / "out.h5"
    values = np.random.default_rng(0).random((4, 2000, 3, 16)).astype(np.float16)
    with PartialStore(folder, "same", reserve) as store:
        store.write(0, values[0])
        store.step_done()
        disk.fill(100)
        with pytest.raises(DiskFullError, match="found .* MB free; make room"):
            store.write(2000, values[1])
    (disk.folder / "another's").unlink()
    with PartialStore(folder, "same", reserve) as store:
        assert store.done == 1
        for n in (1, 2, 3):
            store.write(2000 * n, values[n])
            store.step_done()
        store.finish(out, threads=1, progress=False)
    with FeatureStore(out) as store:
        np.testing.assert_array_equal(store.read(0, 8000), values.reshape(8000, 3, 16))


def test_a_disk_without_the_room_is_seen_before_any_work(tmp_path):
    with pytest.raises(DiskFullError, match="frames of 3 x 16 bins"):
        PartialStore(tmp_path / "resume", "same", lambda path: reserve(path, frames=10**12))
