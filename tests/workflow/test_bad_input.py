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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "plugins: expected a Python file, found none at mine.py; correct the path"),
        (
            "import nothing_like_it\n",
            "plugins: mine.py, line 1, cannot be imported (ModuleNotFound",
        ),
        (
            "from sernas.search.strategy import STRATEGIES, SupernetStrategy\n"
            "class Mine(SupernetStrategy):\n    name = 'dropout'\n    how = 'mine'\n"
            "STRATEGIES.add(Mine())\n",
            "mine.py: the strategy 'dropout' is there already, from",
        ),
    ],
)
def test_a_plugin_that_cannot_be_used(clone, text, message):
    path = clone.folder / "mine.py"
    path.unlink(missing_ok=True)
    if text:
        path.write_text(text)
    assert message in fails(clone, "--config", "plugins=[mine.py]")


def test_a_candidate_that_no_plugin_adds(clone):
    text = fails(clone, "--config", "space={candidates: {conv2d_3: [5x5, gelu_3x3]}}")
    assert "space.candidates: conv2d_3 cannot be 'gelu_3x3'; choose a kernel such as 5x4" in text


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


def test_a_path_with_a_variable_that_is_not_set(clone):
    text = fails(clone, "--config", "pathvars={results: $NO_SUCH_VARIABLE/x}")
    assert "results: expected an environment variable $NO_SUCH_VARIABLE, found none" in text


def test_a_key_that_stands_twice(clone):
    (clone.folder / "twice.yaml").write_text("seed: 1\nseed: 2\n")
    status, text = clone.snakemake("-n", configfile="twice.yaml")
    assert status != 0
    assert "twice.yaml: expected each key once, found seed in line 1 and again in line 2" in text


def test_a_folder_that_the_command_line_takes_for_a_number(clone):
    text = fails(clone, "--config", "corpus=manifest", "corpus_root=2023_09")
    assert "--config corpus_root=./01 on the command line" in text
    text = fails(clone, "--config", "corpus=manifest", "corpus_root=./2023_09")  # as advised
    assert "corpus folder 2023_09" in text


@pytest.mark.parametrize("emotion", ["{sad}", "<results>", "{wildcards.fold}"])
def test_an_emotion_that_snakemake_would_format(clone, emotion):
    text = fails(clone, "--config", f'emotions=["{emotion}", sad]')
    assert f"emotions.0: expected a name without $ < > {{ }}, found '{emotion}'; rename it" in text


def test_results_that_are_a_file(clone):
    (clone.folder / "taken").touch()
    text = fails(clone, "--config", "pathvars={results: taken/here}")
    assert "pathvars.results: expected a folder that results can be written to" in text


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
    assert "rule prepare_corpus" not in text  # before any job
    assert not list(clone.folder.glob("results/table2*"))
