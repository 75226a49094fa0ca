"""What a user sees who got something wrong: one message, before any computing."""

import pytest


def fails(clone, *arguments):
    status, text = clone.snakemake(*arguments)
    assert status != 0
    assert "Traceback" not in text, text
    assert not (clone.folder / "results/features.h5").exists()
    return text


def test_an_unknown_key(clone):
    text = fails(clone, "--config", "search={epoch: 3}")
    assert "search.epoch is not a known key; did you mean search.epochs?" in text


def test_an_unknown_key_of_another_experiment(clone):
    text = fails(clone, "--config", "rajapakshe2023={search: {epoch: 3}}")
    assert "in the section rajapakshe2023, the configuration is wrong" in text
    assert "search.epoch is not a known key; did you mean search.epochs?" in text


def test_no_corpus_root(clone):
    assert "add --config corpus_root=" in fails(clone, "--config", "corpus=iemocap")


def test_a_missing_corpus_folder(clone):
    text = fails(clone, "--config", "corpus=iemocap", "corpus_root=/nowhere/IEMOCAP")
    assert "/nowhere/IEMOCAP" in text


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("path,speaker\na.wav,s1\n", "emotion"),
        ("path,speaker,emotion\n", "manifest.csv"),
        ("path,speaker,emotion\na.wav,s1,sad\na.wav,s2,sad\n", "a.wav"),
        ("path,speaker,emotion\na.wav,s1,Sad\n", "Sad"),
        ("path,speaker,emotion\n../a.wav,s1,sad\n", "../a.wav"),
    ],
)
def test_a_bad_manifest(clone, rows, message):
    root = clone.folder / "own"
    root.mkdir(exist_ok=True)
    (root / "manifest.csv").write_text(rows)
    text = fails(clone, "--config", "corpus=manifest", "corpus_root=own")
    assert "own/manifest.csv" in text
    assert message in text
    assert not (clone.folder / "results/corpus").exists()


def test_silent_and_truncated_audio_with_fail(clone):
    import numpy as np
    import soundfile

    root = clone.folder / "silent"
    root.mkdir()
    lines = ["path,speaker,emotion"]
    for i in range(16):
        soundfile.write(root / f"{i}.wav", np.zeros(16000), 16000)
        lines.append(f"{i}.wav,s{i // 4},{['neutral', 'angry', 'happy', 'sad'][i % 4]}")
    (root / "manifest.csv").write_text("\n".join(lines) + "\n")
    config = ["corpus=manifest", "corpus_root=silent", "on_bad_audio=fail"]
    config.append("folds={scheme: speaker, count: 2}")
    text = fails(clone, "--config", *config)
    assert "0.wav: expected speech, found silence" in text
    told = [line for line in text.splitlines() if "Table 2" in line or "folds 1, 2:" in line]
    assert told[0] == "none of the 6 rows of Table 2 is complete"
    assert len(told) == 2  # one reason for all rows
    assert "0.wav: expected speech, found silence" in told[1]
    assert not list(clone.folder.glob("results/table2*"))
