"""SIGKILL while features are being written: no store, and the next extraction is none the worse."""

import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from sernas.features.extract import extract
from sernas.features.store import FeatureStore

EXTRACTION = """
import sys
from pathlib import Path
import pandas as pd
from sernas.features.extract import extract
from sernas.settings.features import FeatureSettings

root, out = map(Path, sys.argv[1:3])
manifest = pd.read_csv(root / "manifest.csv", dtype=str)
extract(manifest, root, out, {settings}, "fail", threads=2, progress=False)
"""


@pytest.fixture(scope="module")
def kept():
    return []


@pytest.fixture
def many(corpus):
    """160 utterances, in a manifest.csv beside their audio."""
    manifest, root = corpus
    copies = [manifest.assign(utterance=manifest["utterance"] + f"_{n}") for n in range(20)]
    many = pd.concat(copies, ignore_index=True)
    many.to_csv(root / "manifest.csv", index=False)
    return many, root


@pytest.fixture
def whole(many, tmp_path, paper, kept):
    """The bytes of a store whose extraction nothing ended."""
    if not kept:
        extract(*many, tmp_path / "whole.h5", paper, "fail", progress=False)
        kept.append((tmp_path / "whole.h5").read_bytes())
    return kept[0]


@pytest.mark.parametrize("part", [0.0, 0.3, 0.8])
def test_an_extraction_killed_in_the_midst_of_writing(many, whole, tmp_path, paper, part):
    many, root = many
    out = tmp_path / "out/features.h5"

    code = EXTRACTION.format(settings=repr(paper))
    process = subprocess.Popen([sys.executable, "-c", code, root, out])
    while not (left := list(out.parent.glob(".*.features.h5"))) or (
        left[0].stat().st_size <= part * len(whole)
    ):
        assert process.poll() is None, "ended before it was killed"
        time.sleep(0.001)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert list(out.parent.iterdir()) == left  # no features.h5
    assert left[0].stat().st_size < len(whole)

    extract(many, root, out, paper, "fail", progress=False)
    assert list(out.parent.iterdir()) == [out]
    assert out.read_bytes() == whole
    assert len(FeatureStore(out).index) == len(many)
