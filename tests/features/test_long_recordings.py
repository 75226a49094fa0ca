"""What is too long to be held whole gives the same store, in bounded memory."""

import subprocess
import sys
from dataclasses import replace

import h5py
import numpy as np
import pandas as pd
import pytest
import soundfile

from sernas.features import extract as module
from sernas.features.extract import extract
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import FeatureStore


@pytest.mark.parametrize("hop_ms", [10, 40, 55.3])  # windows of 40 ms
@pytest.mark.parametrize("frames", [1, 7, 64, 1000])
def test_spans_hold_the_frames_of_the_whole(small, speech, hop_ms, frames):
    spectrogram = Spectrogram(replace(small, hop_ms=hop_ms))
    for samples in (640, 16000, 16001, 16159, 17696):
        audio = speech(2)[:samples]
        spans = list(spectrogram.spans(np.array_split(audio, 9), frames))
        blocks = [list(spectrogram.blocks(span)) for span in spans]
        assert [sum(map(len, each)) for each in blocks[:-1]] == [frames] * (len(spans) - 1)
        left = len(spans[-1]) - spectrogram.settings.window_length
        assert (len(spans) - 1) * frames * spectrogram.settings.hop + left == samples
        whole = np.concatenate(sum(blocks, []))
        np.testing.assert_allclose(whole, spectrogram(audio), rtol=0, atol=1e-4)


@pytest.fixture
def extracted(corpus, tmp_path, small, monkeypatch):
    """Extracts the corpus, as if no part could have more than so many values."""

    def make(part=None, manifest=corpus[0], settings=small, **options):
        if part:
            monkeypatch.setattr(module, "_PART", part)
        out = tmp_path / f"{part}.h5"
        excluded = extract(manifest, corpus[1], out, settings, "exclude", progress=False, **options)
        return out, excluded

    return make


def test_the_store_is_the_same(extracted):
    """64 frames a part, as many as are worked out at once: all but the moments to the bit."""
    whole = FeatureStore(extracted()[0])
    parts = FeatureStore(extracted(64 * 256)[0])
    pd.testing.assert_frame_equal(whole.index, parts.index)
    total = whole.index["frames"].sum()
    assert max(whole.index["frames"]) > 64
    np.testing.assert_array_equal(whole.read(0, total), parts.read(0, total))
    for speaker in "AB":
        a, b = whole.moments(speaker), parts.moments(speaker)
        np.testing.assert_allclose(a.mean, b.mean, rtol=1e-12)
        np.testing.assert_allclose(a.m2, b.m2, rtol=1e-12)


def test_threads_change_nothing(extracted):
    contents = []
    for threads in (1, 2, 5):
        with h5py.File(extracted(1000, threads=threads)[0]) as file:
            used = int(sum(file["index/frames"]))
            contents.append(file["frames"][:used].tobytes() + file["moments/m2"][:].tobytes())
    assert contents[0] == contents[1] == contents[2]


def test_what_goes_wrong_late_leaves_nothing_behind(corpus, extracted, small, speech):
    manifest, root = corpus
    good = FeatureStore(extracted(1000, settings=replace(small, scale="linear"))[0])
    total = good.index["frames"].sum()
    frames = np.array(good.read(0, total))
    names = ("nan", "loud", "cut")
    for name, value in zip(names, (np.nan, 1e9, 0), strict=True):
        audio = speech(1)
        audio[-500] = value
        soundfile.write(root / f"{name}.wav", audio, 16000, subtype="FLOAT")
    (root / "cut.wav").write_bytes((root / "cut.wav").read_bytes()[:-4])
    rows = [(name, f"{name}.wav", "A", "1", "F", "sad") for name in names]
    bad = pd.DataFrame(rows, columns=manifest.columns)
    mixed = pd.concat([manifest[:3], bad, manifest[3:]], ignore_index=True)
    out, excluded = extracted(1000, mixed, settings=good.settings)
    assert list(excluded["utterance"]) == list(names)
    for reason, word in zip(
        excluded["reason"], ("NaN", "half precision", "truncated"), strict=True
    ):
        assert word in reason
    left = FeatureStore(out)
    pd.testing.assert_frame_equal(left.index, good.index)
    np.testing.assert_array_equal(left.read(0, total), frames)


MEASURED = """
import resource, sys
from pathlib import Path
import pandas as pd
from sernas.features import extract as module
from sernas.settings.features import FeatureSettings

module._PART = 2**20
root, kind = Path(sys.argv[1]), sys.argv[2]
manifest = pd.DataFrame(
    [(name, f"{name}.wav", "A", "1", "F", "sad") for name in kind.split(",")],
    columns=["utterance", "path", "speaker", "session", "gender", "emotion"],
)
settings = FeatureSettings(16000, 40, 1, 1024, 0, 4000, None, "log", 1e-5)
module.extract(manifest, root, root / "f.h5", settings, "fail", threads=2, progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def test_memory_is_bounded(tmp_path, speech):
    """Each is 60 MB as it is stored, and more at work."""
    soundfile.write(tmp_path / "short.wav", speech(1), 16000)
    for name in ("long1", "long2", "long3"):
        soundfile.write(tmp_path / f"{name}.wav", np.tile(speech(1, 48000), 120), 48000)

    def peak(names):
        command = [sys.executable, "-c", MEASURED, tmp_path, names]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert peak("long1,long2,long3") - peak("short") < 60e6
