import struct
from dataclasses import replace
from pathlib import Path

import h5py
import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile

from sernas.audio.reading import read_audio
from sernas.base.errors import AudioError
from sernas.corpora.left_out import kind
from sernas.features.extract import extract
from sernas.features.spectrogram import Spectrogram
from sernas.features.store import FeatureStore

NEMO = Path(__file__).resolve().parents[2] / "../shared/corpora/nemo"


def test_frames_are_the_spectrograms_in_half_precision(corpus, tmp_path, small):
    manifest, root = corpus
    excluded = extract(manifest, root, tmp_path / "f.h5", small, "fail", progress=False)
    assert excluded.empty
    assert list(excluded.columns) == ["utterance", "path", "speaker", "emotion", "reason"]
    with FeatureStore(tmp_path / "f.h5") as store:
        columns = ["utterance", "speaker", "session", "gender", "emotion"]
        pd.testing.assert_frame_equal(store.index[columns], manifest[columns])
        assert store.settings == small
        for row in store.index.itertuples():
            audio = read_audio(root / f"{row.utterance}.wav", 16000)
            exact = Spectrogram(small)(audio)
            stored = store.read(row.start, row.frames)
            assert stored.dtype == np.float16
            assert row.seconds == len(audio) / 16000
            assert (np.abs(stored - exact) <= np.abs(exact) * 2**-11 + 2**-24).all()


def damage(root, speech):
    """One file of every bad kind; their names and a word of the reason."""

    def nan(audio):
        return np.where(np.arange(len(audio)) == 100, np.nan, audio)

    good = speech(0.5)
    for name, audio in {
        "silent": good * 0, "constant": good * 0 + 0.1, "short": good[:639], "nan": nan(good),
        "loud": good * 1e6,
    }.items():  # fmt: skip
        soundfile.write(root / f"{name}.wav", audio, 16000, subtype="FLOAT")
    for name in ("cut", "rate"):
        soundfile.write(root / f"{name}.wav", good, 16000)
    content = (root / "cut.wav").read_bytes()
    (root / "cut.wav").write_bytes(content[: len(content) // 2])
    content = bytearray((root / "rate.wav").read_bytes())
    content[24:28] = struct.pack("<I", 0)
    (root / "rate.wav").write_bytes(content)
    (root / "zero.wav").touch()
    (root / "text.wav").write_text("not audio " * 50)
    return {
        "silent": "silence", "constant": "silence", "short": "one window", "nan": "NaN",
        "loud": "half precision", "cut": "truncated", "rate": "something else or damage",
        "zero": "something else", "text": "something else", "missing": "found none",
    }  # fmt: skip


def with_rows(manifest, names):
    rows = [(name, f"{name}.wav", "A", "1", "F", "sad") for name in names]
    bad = pd.DataFrame(rows, columns=manifest.columns)
    return pd.concat([manifest[:3], bad, manifest[3:]], ignore_index=True)


def test_every_kind_of_bad_file_is_listed(corpus, tmp_path, small, speech):
    manifest, root = corpus
    linear = replace(small, scale="linear")
    kinds = damage(root, speech)
    mixed = with_rows(manifest, kinds)
    excluded = extract(mixed, root, tmp_path / "f.h5", linear, "exclude", progress=False)
    assert list(excluded["utterance"]) == list(kinds)
    for row in excluded.itertuples():
        assert row.path == f"{row.utterance}.wav"
        assert row.path in row.reason
        assert kinds[row.utterance] in row.reason
    with FeatureStore(tmp_path / "f.h5") as store:
        assert list(store.index["utterance"]) == list(manifest["utterance"])
        extract(manifest, root, tmp_path / "good.h5", linear, "fail", progress=False)
        with FeatureStore(tmp_path / "good.h5") as good:
            pd.testing.assert_frame_equal(store.index, good.index)
            total = good.index["frames"].sum()
            np.testing.assert_array_equal(store.read(0, total), good.read(0, total))


def test_failing_on_bad_audio(corpus, tmp_path, small, speech):
    manifest, root = corpus
    mixed = with_rows(manifest, damage(root, speech))
    with pytest.raises(AudioError, match="silent.wav"):
        extract(mixed, root, tmp_path / "f.h5", small, "fail", progress=False)
    assert list(tmp_path.iterdir()) == [root]


def test_nothing_left(corpus, tmp_path, small):
    manifest, root = corpus
    for nothing in (manifest[:0], manifest.assign(path="missing.wav")):
        with pytest.raises(AudioError, match=f"audio for {len(nothing)} utterances, found none"):
            extract(nothing, root, tmp_path / "f.h5", small, "exclude", progress=False)
    assert list(tmp_path.iterdir()) == [root]


def test_threads_change_nothing(corpus, tmp_path, small, speech):
    manifest, root = corpus
    mixed = with_rows(manifest, damage(root, speech))
    mel = replace(small, n_mels=40, f_max=8000)
    contents = []
    for threads in (1, 2, 5):
        path = tmp_path / f"{threads}.h5"
        extract(mixed, root, path, mel, "exclude", threads=threads, progress=False)
        with h5py.File(path) as file:
            used = int(sum(file["index/frames"]))
            parts = [file["frames"][:used], file["moments/m2"][:], file["index/start"][:]]
            contents.append([part.tobytes() for part in parts])
    assert contents[0] == contents[1] == contents[2]


def test_a_bar_shows_progress_on_stderr(corpus, tmp_path, small, capsys):
    manifest, root = corpus
    extract(manifest, root, tmp_path / "f.h5", small, "fail")
    shown = capsys.readouterr()
    assert "8/8" in shown.err
    assert not shown.out


@pytest.mark.skipif(not NEMO.exists(), reason="needs the nEMO corpus beside the checkout")
def test_recorded_speech(tmp_path, small):
    manifest = pd.read_csv(NEMO / "manifest.csv", dtype=str, keep_default_na=False)[::200][:5]
    manifest = manifest.assign(utterance=manifest["path"], session="")
    manifest = manifest[["utterance", "path", "speaker", "session", "gender", "emotion"]]
    excluded = extract(manifest, NEMO, tmp_path / "f.h5", small, "exclude", progress=False)
    assert excluded.empty
    with FeatureStore(tmp_path / "f.h5") as store:
        for row, path in zip(store.index.itertuples(), manifest["path"], strict=True):
            info = soundfile.info(NEMO / path)
            assert row.seconds == pytest.approx(info.duration, abs=1e-4)
            assert row.frames == 1 + round(row.seconds * 16000) // 160
            frames = store.read(row.start, row.frames).astype(np.float32)
            assert 1 < frames.std() < 4  # natural-log magnitudes of speech


def test_silence_at_both_ends_is_trimmed(corpus, tmp_path, small):
    manifest, root = corpus
    silence, rng = np.zeros(8000), np.random.default_rng(0)
    for name in manifest["path"]:
        audio = np.concatenate([silence, soundfile.read(root / name)[0], silence])
        soundfile.write(root / name, audio + rng.normal(0, 1e-4, len(audio)), 16000)
    click = np.where(np.arange(15900) == 15899, 0.9, 0)
    soundfile.write(root / "click.wav", click, 16000)
    mixed, options = with_rows(manifest, ["click"]), {"trim_db": 30, "progress": False}
    excluded = extract(mixed, root, tmp_path / "f.h5", small, "exclude", **options)
    [reason] = excluded["reason"]
    assert "click.wav, trimmed by trim_db (30): expected" in reason
    assert kind(reason).startswith("found ")
    with FeatureStore(tmp_path / "f.h5") as store:
        for row in store.index.itertuples():
            whole = read_audio(root / f"{row.utterance}.wav", 16000)
            audio, _ = librosa.effects.trim(whole, top_db=30)
            assert row.seconds == len(audio) / 16000 < len(whole) / 16000 - 0.6
            exact = Spectrogram(small)(audio)
            np.testing.assert_allclose(store.read(row.start, row.frames), exact, atol=2e-2)
