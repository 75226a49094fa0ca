"""A run ends with the same bytes on any number of cores, and if SIGKILL ended it on the way.

``SERNAS_KILLS=20 pytest -s tests/workflow/test_kills.py`` kills 20 runs and prints when, and in
which stage. The first is killed while it makes the demo corpus, the second at one of its epochs,
the others anywhere: one in each of as many equal parts of the time that an undisturbed run takes.
"""

import os
import random
import re
import signal
import subprocess
import time
from collections import Counter

import psutil
import pytest
from workflow.clone import TINY, Clone, untimed

KILLS = int(os.environ.get("SERNAS_KILLS", "2"))
SEED = 20220331
TARGET = "results/table2.csv"
EPOCHS = 30 if KILLS > 2 else 10  # enough that kills fall between them
CONFIG = {  # every stage
    **TINY,
    "demo": {"utterances_per_emotion": 2, "seconds": [0.5, 0.9]},
    "systems": ["cnn_rnn_att"],
    "strategies": ["random", "dropout"],
    "training": {"epochs": EPOCHS},
    "search": {"epochs": EPOCHS, "architecture_epochs": 10},
    "folds": {"scheme": "speaker", "count": 2, "segment_s": 0.5},
    "evaluation": {"bootstrap": 100},
}
TEMPORARY = re.compile(r"\.[0-9a-f]{8}\.")
# they tell the time, the dates of files, or how far a run had come
UNCOMPARED = {
    *("logs", "benchmarks", "resume", "costs"),
    *("plan.json", "provenance.json", "recordings.csv"),
}


def content(clone):
    """What the run has made so far under final names."""
    return {
        str(path.relative_to(clone.folder)): (
            untimed(path) if path.match(TARGET) else path.read_bytes()
        )
        for path in files(clone)
        if not UNCOMPARED & set(path.parts)
        if not any(TEMPORARY.match(part) for part in path.parts)
    }


def files(clone):
    folders = [clone.folder / name for name in ("results", "resources")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def temporaries(clone):
    return [str(path) for path in clone.folder.rglob("*") if TEMPORARY.match(path.name)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What a run ends with, and the seconds and epochs that it takes."""
    clone = Clone(tmp_path_factory.mktemp("undisturbed"), CONFIG)
    started = time.monotonic()
    status, text = clone.snakemake(TARGET)
    seconds = time.monotonic() - started
    assert status == 0, text
    assert not temporaries(clone)
    made = content(clone)
    stages = ("features.h5", "folds/fold1.npz", "search/", "models/", "predictions/", "table2.md")
    assert all(any(stage in path for path in made) for stage in stages)
    # folds; random's two candidates, dropout, its search
    assert epochs(clone) == 2 * (2 * EPOCHS + EPOCHS + EPOCHS + 10)
    print(f"\nundisturbed: {seconds:.1f} s\nkill  seconds  stage")
    return made, seconds, epochs(clone)


def half_a_corpus(clone):
    return len(list(clone.folder.glob("resources/.*.demo/**/*.wav"))) > 50


def epochs(clone):
    """How many epochs all jobs have trained and searched."""
    logs = [path.read_text() for path in (clone.folder / "results").glob("logs/*/*.log")]
    return len(re.findall(r"epoch \d+: loss", "".join(logs)))


def moment_of(kill, seconds, total):
    """When to kill: whether it is time, by the clone and the seconds that its run has taken."""
    rng = random.Random(SEED + kill)
    if kill == 0:
        return lambda clone, _: half_a_corpus(clone)
    if kill == 1:
        some = rng.randrange(total)
        return lambda clone, _: epochs(clone) > some
    moment = (kill - 2 + rng.random()) / (KILLS - 2) * seconds
    return lambda _, passed: passed >= moment


def start_and_kill(clone, due):
    """Start a run and kill all its processes when ``due``; the seconds, or None if it ended."""
    started = time.monotonic()
    with (clone.folder / "output.txt").open("w") as output:
        process = subprocess.Popen(
            clone.command(TARGET),
            cwd=clone.folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while not due(clone, time.monotonic() - started):
        if process.poll() is not None:
            return None
        time.sleep(0.02)
    if process.poll() is not None:
        return None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while survivors(process.pid):
        assert time.monotonic() < deadline, survivors(process.pid)
        time.sleep(0.01)
    return time.monotonic() - started


def survivors(session):
    """The processes of a session that still run."""
    found = []
    for process in psutil.process_iter(["pid", "status", "cmdline"]):
        try:
            belongs = os.getsid(process.pid) == session
        except ProcessLookupError:
            continue
        if belongs and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.info)
    return found


def stage(clone):
    """The rules that were running when the run was killed, and how many epochs had been trained."""
    text = (clone.folder / "output.txt").read_text()
    started = Counter(re.findall(r"^(?:local)?rule (\w+):$", text, re.MULTILINE))
    running = started - Counter(
        re.findall(r"^Finished jobid: .*Rule: (\w+)\)$", text, re.MULTILINE)
    )
    rules = " + ".join(sorted(running.elements())) or ("between jobs" if started else "start")
    return f"{rules}, after {epochs(clone)} epochs"


@pytest.mark.parametrize("kill", range(KILLS))
def test_a_killed_run_ends_as_an_undisturbed_one(kill, undisturbed, tmp_path):
    expected, seconds, total = undisturbed
    for attempt in range(5):
        clone = Clone(tmp_path / str(attempt), CONFIG)
        killed = start_and_kill(clone, moment_of(kill, seconds * 0.8**attempt, total))
        if killed:
            break  # else it was faster than the undisturbed one: at an earlier moment
    assert killed
    print(f"{kill:4} {killed:8.1f}  {stage(clone)}", end="")

    left = content(clone)
    assert [path for path in left if left[path] != expected.get(path)] == []
    if kill == 1:
        assert 0 < epochs(clone) <= total
    if kill == 0:
        assert "make_demo_corpus" in stage(clone)
        assert temporaries(clone)
        assert not (clone.folder / "resources/demo").exists()

    status, text = clone.snakemake(TARGET)
    if status:
        assert "--unlock" in text, text
        status, text = clone.snakemake(TARGET, "--unlock")
        assert status == 0, text
        status, text = clone.snakemake(TARGET)
    assert status == 0, text
    ended = content(clone)
    assert sorted(ended) == sorted(expected)
    assert [path for path in ended if ended[path] != expected[path]] == []
    assert temporaries(clone) == []
    print(f"  equal, {len(left)} of {len(expected)} files were there")


def test_the_number_of_cores_and_the_order_of_jobs_change_no_byte(undisturbed, tmp_path):
    clone = Clone(tmp_path / "clone", {**CONFIG, "jobs": {"folds_per_job": 1}})
    status, text = clone.snakemake(TARGET, "--cores", "1")
    assert status == 0, text
    assert "train_system_2" in text
    made, expected = content(clone), undisturbed[0]
    assert sorted(made) == sorted(expected)
    assert [path for path in made if made[path] != expected[path]] == []
