import logging
import shutil

import h5py
import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile
import torch
from features.plain_embeddings import close, directly, opened

from sernas.audio.reading import read_audio
from sernas.base.errors import AudioError
from sernas.features import embeddings
from sernas.features.embeddings import extract_embeddings
from sernas.features.extract import extract
from sernas.features.speech_model import SpeechModel
from sernas.features.store import FeatureStore
from sernas.settings.features import SpeechModelSettings

CPU = torch.device("cpu")


@pytest.fixture
def embed(corpus, tmp_path, tiny_model):
    """Extracts the corpus into ``name``.h5; what is given differs."""

    def make(name="e", manifest=corpus[0], model=None, batch_s=2.0, on_bad_audio="fail", **changes):
        settings = SpeechModelSettings(str(model or tiny_model()), batch_s)
        out, partial = tmp_path / f"{name}.h5", tmp_path / "resume" / name
        changes = {"partial": partial, "progress": False} | changes
        excluded = extract_embeddings(
            manifest, corpus[1], out, settings, on_bad_audio, CPU, **changes
        )
        return out, excluded

    return make


@pytest.mark.parametrize("norm", ["group", "layer"])
def test_the_store_holds_what_transformers_gives(corpus, embed, tiny_model, tmp_path, norm):
    """All layers of all utterances; tolerance: a rounding of float16 at the greatest value."""
    manifest, root = corpus
    out, excluded = embed(model=tiny_model(norm=norm))
    assert excluded.empty
    assert not any((tmp_path / "resume").iterdir())
    with FeatureStore(out) as store:
        columns = ["utterance", "speaker", "session", "gender", "emotion"]
        pd.testing.assert_frame_equal(store.index[columns], manifest[columns])
        assert store.settings == opened(tiny_model(norm=norm)).settings
        for row in store.index.itertuples():
            audio = read_audio(root / f"{row.utterance}.wav", 16000)
            stored = store.read(row.start, row.frames)
            assert stored.dtype == np.float16
            assert stored.shape == (1 + (len(audio) - 400) // 320, 3, 16)
            assert row.seconds == len(audio) / 16000
            assert close(stored.astype(np.float32), directly(store.settings.model, audio))


def test_silence_at_both_ends_is_trimmed(corpus, embed, tiny_model):
    manifest, root = corpus
    for path in manifest["path"]:
        audio = soundfile.read(root / path)[0]
        soundfile.write(root / path, np.pad(audio, 8000), 16000)
    click = np.where(np.arange(15900) == 15899, 0.9, 0)
    soundfile.write(root / manifest["path"][0], click, 16000)
    out, excluded = embed(on_bad_audio="exclude", trim_db=30)
    [reason] = excluded["reason"]
    assert "trimmed by trim_db (30): expected 4 frames or more, found 1 (540 samples)" in reason
    with FeatureStore(out) as store:
        assert list(store.index["utterance"]) == list(manifest["utterance"])[1:]
        for row in store.index.itertuples():
            whole = read_audio(root / f"{row.utterance}.wav", 16000)
            audio = librosa.effects.trim(whole, top_db=30)[0]
            assert row.seconds == len(audio) / 16000 < len(whole) / 16000 - 0.6
            stored = store.read(row.start, row.frames).astype(np.float32)
            assert close(stored, directly(store.settings.model, audio))


def test_moments_are_those_of_the_stored_values(embed):
    with FeatureStore(embed()[0]) as store:
        for speaker, rows in store.index.groupby("speaker"):
            spans = zip(rows["start"], rows["frames"], strict=True)
            frames = np.concatenate([store.read(*span) for span in spans]).astype(np.float64)
            moments = store.moments(speaker)
            assert moments.count == len(frames)
            np.testing.assert_allclose(moments.mean, frames.mean(axis=0), rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(moments.m2, ((frames - moments.mean) ** 2).sum(0), rtol=1e-9)


def test_it_is_of_the_same_corpus_as_the_spectrograms(corpus, embed, tmp_path, small):
    extract(*corpus, tmp_path / "f.h5", small, "fail", progress=False)
    with FeatureStore(tmp_path / "f.h5") as spectrograms, FeatureStore(embed()[0]) as store:
        assert store.corpus_checksum == spectrograms.corpus_checksum
        assert store.settings != spectrograms.settings


def test_neither_the_size_of_batches_nor_threads_nor_the_others_change_a_value(corpus, embed):
    found = []
    for name, batch_s, manifest in (
        ("many", 5.0, corpus[0]), ("single", 0.01, corpus[0]), ("half", 1.5, corpus[0][::2]),
    ):  # fmt: skip
        with FeatureStore(embed(name, manifest, batch_s=batch_s, threads=2)[0]) as store:
            rows = store.index.itertuples()
            found.append({row.utterance: store.read(row.start, row.frames) for row in rows})
    for name, frames in found[0].items():
        assert close(found[1][name].astype(np.float32), frames.astype(np.float32))
        if name in found[2]:
            assert close(found[2][name].astype(np.float32), frames.astype(np.float32))


def test_bad_audio_is_listed_as_for_spectrograms(corpus, embed, small, speech, tmp_path):
    manifest, root = corpus
    soundfile.write(root / "silent.wav", np.zeros(8000), 16000)
    soundfile.write(root / "short.wav", speech(1)[:1359], 16000)
    soundfile.write(root / "enough.wav", speech(1)[:1360], 16000)
    names = ("silent", "short", "enough", "missing")
    rows = [(name, f"{name}.wav", "A", "1", "F", "sad") for name in names]
    more = pd.DataFrame(rows, columns=manifest.columns)
    mixed = pd.concat([manifest[:3], more, manifest[3:]], ignore_index=True)
    out, excluded = embed(manifest=mixed, on_bad_audio="exclude")
    assert list(excluded["utterance"]) == ["silent", "short", "missing"]
    assert "short.wav: expected 4 frames or more, found 3 (1359 samples)" in excluded["reason"][1]
    others = extract(mixed, root, tmp_path / "f.h5", small, "exclude", progress=False)
    unlike = excluded[excluded["utterance"] != "short"].reset_index(drop=True)
    pd.testing.assert_frame_equal(unlike, others)
    with FeatureStore(out) as store:
        kept = mixed[~mixed["utterance"].isin(excluded["utterance"])]
        assert list(store.index["utterance"]) == list(kept["utterance"])
        assert store.index.set_index("utterance").loc["enough", "frames"] == 4


def test_bad_audio_ends_it_before_any_model_runs(corpus, embed, tmp_path):
    manifest, root = corpus
    (root / "u7.wav").write_text("not audio " * 50)
    with pytest.raises(AudioError, match=r"u7\.wav"):
        embed()
    with pytest.raises(AudioError, match="audio for 8 utterances, found none"):
        embed(manifest=manifest.assign(path="missing.wav"), on_bad_audio="exclude")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_values_beyond_half_precision_are_an_error(embed, tiny_model, tmp_path):
    library_model = opened(tiny_model())._encoder._network
    with torch.no_grad():
        library_model.encoder.layers[0].attention.out_proj.bias[0] = 1e6
    folder = shutil.copytree(tiny_model(), tmp_path / "loud")
    library_model.save_pretrained(folder)
    with pytest.raises(AudioError, match=r"u7\.wav: expected .* that half precision holds"):
        embed(model=folder, on_bad_audio="exclude")
    assert not (tmp_path / "e.h5").exists()


def test_an_utterance_that_memory_does_not_hold(embed, monkeypatch):
    def too_much(*_):
        raise torch.OutOfMemoryError("tried to allocate 24 GiB")

    monkeypatch.setattr(SpeechModel, "__call__", too_much)
    with pytest.raises(AudioError, match=r"u7\.wav: expected that its 1 s .* 24 GiB.*; lower"):
        embed(batch_s=0.01)


def test_audio_that_changes_between_two_looks_at_it(embed, monkeypatch):
    def read(path, rate, **_):  # at the second look
        audio = read_audio(path, rate)
        return audio[: len(audio) // 2]

    monkeypatch.setattr(embeddings, "read_audio", read)
    with pytest.raises(AudioError, match=r"u7\.wav: expected 49 frames, found 24, .* run again"):
        embed(batch_s=0.01)


def test_a_model_that_cannot_be_padded_says_so_in_the_log(embed, tiny_model, caplog):
    caplog.set_level(logging.INFO)
    embed(model=tiny_model(norm="group"), batch_s=100)
    assert "8 utterances in 8 batches" in caplog.text
    assert "only utterances with the same number of samples share a batch" in caplog.text
    caplog.clear()
    embed(model=tiny_model(), batch_s=100)
    assert "8 utterances in 1 batches" in caplog.text
    assert "share" not in caplog.text


def test_a_bar_shows_progress_on_stderr(embed, capsys):
    embed(progress=True)
    shown = capsys.readouterr()
    assert "embeddings" in shown.err
    assert "8/8" in shown.err
    assert not shown.out


def test_anyone_can_read_the_file(embed, tiny_model):
    with h5py.File(embed()[0]) as file:
        assert file.attrs["kind"] == "embeddings"
        assert '"transformers"' in file.attrs["versions"]
        assert str(tiny_model()) in file.attrs["settings"]
        assert file["frames"].chunks is None
        assert file["frames"].shape == (sum(file["index/frames"]), 3, 16)
