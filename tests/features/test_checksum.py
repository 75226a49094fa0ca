"""The corpus's checksum is of what is used, and of nothing else."""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from sernas.features.extract import extract
from sernas.features.store import FeatureStore


@pytest.fixture
def checksum(tmp_path, small):
    def checksum(manifest, root, threads=1):
        extract(manifest, root, tmp_path / "f.h5", small, "exclude", threads, progress=False)
        with FeatureStore(tmp_path / "f.h5") as store:
            return store.corpus_checksum

    return checksum


def test_it_can_be_worked_out_without_us(corpus, checksum):
    manifest, root = corpus
    rows = sorted(
        [
            row.utterance,
            row.speaker,
            row.emotion,
            hashlib.sha256((root / row.path).read_bytes()).hexdigest(),
        ]
        for row in manifest.itertuples()
    )
    assert checksum(manifest, root) == hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def test_order_folder_and_threads_do_not_count(corpus, checksum, tmp_path):
    manifest, root = corpus
    before = checksum(manifest, root)
    assert checksum(manifest[::-1], root) == before
    assert checksum(manifest, root, threads=3) == before
    shutil.copytree(root, tmp_path / "other/audio")
    moved = manifest.assign(path="audio/" + manifest["path"])
    assert checksum(moved, tmp_path / "other") == before


def test_what_is_left_out_does_not_count(corpus, checksum):
    manifest, root = corpus
    (root / "no_audio.wav").write_text("text")
    unusable = manifest[:1].assign(utterance="x", path="no_audio.wav")
    assert checksum(pd.concat([manifest, unusable]), root) == checksum(manifest, root)


def test_a_byte_of_audio_counts(corpus, checksum):
    manifest, root = corpus
    before = checksum(manifest, root)
    content = bytearray((root / "u3.wav").read_bytes())
    content[-2] ^= 1  # the last sample, by the least that there is
    (root / "u3.wav").write_bytes(content)
    assert checksum(manifest, root) != before


@pytest.mark.parametrize("column", ["utterance", "speaker", "emotion"])
def test_a_label_counts(corpus, checksum, column):
    manifest, root = corpus
    changed = manifest.copy()
    changed.loc[2, column] += "x"
    assert checksum(changed, root) != checksum(manifest, root)


def test_an_utterance_more_or_less_counts(corpus, checksum):
    manifest, root = corpus
    assert checksum(manifest[1:], root) != checksum(manifest, root)
