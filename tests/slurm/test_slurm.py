"""The tiny workflow on two pretend GPUs: through a real SLURM, and without a scheduler."""

import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, starmap
from pathlib import Path

import pytest
from workflow.clone import Clone, clone_with_folds, untimed  # tests/workflow

SCRIPT = Path(__file__).with_name("slurm.sh")
# three jobs want a GPU at once: two trainings and the search
ONE_SYSTEM = ["--config", "systems=[cnn_seqcap]"]


@dataclass
class GpuJob:
    """What the log of a job that uses a GPU says."""

    name: str
    gpu: str
    start: datetime
    end: datetime

    def overlaps(self, other):
        return overlap((self.start, self.end), (other.start, other.end))


def overlap(one, other):
    """Whether two intervals do."""
    return one[0] < other[1] and other[0] < one[1]


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A clone in which the tiny workflow was run without a scheduler, on two pretend GPUs."""
    clone = clone_with_folds(tmp_path_factory, tmp_path_factory.mktemp("local"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUDA_VISIBLE_DEVICES", "0,1")
        status, text = clone.snakemake("results/table2.csv", "--resources", "gpu=2", *ONE_SYSTEM)
    assert status == 0, text
    return clone


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    up = subprocess.run([SCRIPT, "up", folder], capture_output=True, text=True)
    if up.returncode == 77:
        pytest.skip(f"no SLURM: {up.stdout.strip()}")
    assert up.returncode == 0, up.stdout + up.stderr
    yield
    subprocess.run([SCRIPT, "down", folder], check=True)


@pytest.fixture(scope="module")
def remote(tmp_path_factory, cluster):
    """A clone in which the tiny workflow was run through SLURM, which pre-empted the search."""
    clone = Clone(tmp_path_factory.mktemp("remote"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(preempt_the_search, clone)
        status, text = run_through_slurm(clone)
    assert status == 0, text
    return clone


def run_through_slurm(clone):
    return clone.snakemake(
        *("--workflow-profile", "slurm", "--cores", "16", "--latency-wait", "5"),
        *("--default-resources", "slurm_partition='gpu' if wildcards else 'cpu'"),
        # there is no accounting to ask
        *("--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "1"),
        *ONE_SYSTEM,
    )


def preempt_the_search(clone):
    """As soon as there is something to go on from, SIGTERM, which comes before the kill."""
    deadline = time.monotonic() + 600
    while not list(clone.folder.glob("results/resume/search/*/fold2/epoch.pt")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for line in queue("--states=running", "--format=%i %k"):
        job, comment = line.split(maxsplit=1)
        if comment.startswith("rule_search_architecture"):
            subprocess.run(["scancel", "--signal=TERM", job], check=True)


def queue(*arguments):
    """The lines of ``squeue``."""
    command = ["squeue", "--noheader", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def allocations():
    """From when until when SLURM gave each job its GPU."""
    lines = queue("--states=all", "--partition=gpu", "--format=%S %e")
    return [tuple(map(datetime.fromisoformat, line.split())) for line in lines]


def gpu_jobs(clone):
    """The jobs that use a GPU, by their logs."""
    found = []
    for rule in ("search_architecture", "train_system", "evaluate_system"):
        for log in sorted(clone.folder.glob(f"results/logs/{rule}/*.log")):
            lines = log.read_text().splitlines()
            times = [datetime.fromisoformat(" ".join(line.split()[:2])) for line in lines]
            gpu = re.search(r"CUDA_VISIBLE_DEVICES=(\S+),", lines[0]).group(1)
            assert "done in" in lines[-1]
            found.append(GpuJob(f"{rule} {log.stem}", gpu, times[0], times[-1]))
    return found


@pytest.mark.parametrize("run", ["local", "remote"])
def test_two_gpu_jobs_run_at_once_each_on_its_own(run, request):
    jobs = gpu_jobs(request.getfixturevalue(run))
    assert len(jobs) == 1 + 3 + 3
    assert {job.gpu for job in jobs} == {"0", "1"}
    for job in sorted(jobs, key=lambda job: job.start):
        print(run, job.gpu, job.start.time(), job.end.time(), job.name)
    together = [(a, b) for a, b in combinations(jobs, 2) if a.overlaps(b)]
    assert all(a.gpu != b.gpu for a, b in together)
    # on a busy machine a job's process may first do something when another job is over
    assert any(starmap(overlap, combinations(allocations(), 2))) if run == "remote" else together


def test_every_job_went_through_slurm(remote):
    print(*queue("--states=all", "--format=%i %T %b %S %e %k"), sep="\n")  # with pytest -s
    listed = queue("--states=all", "--format=%T %P %k")
    search = "gpu rule_search_architecture_wildcards_cnn_seqcap_dropout"
    train = "COMPLETED gpu rule_train_evaluate_system_train_system"  # a group each
    features, report = "COMPLETED cpu rule_features_", "COMPLETED cpu rule_report_"
    jobs = sorted(listed)
    assert len(jobs) == 7, listed
    expected = [features, report, f"COMPLETED {search}", train, train, train, f"FAILED {search}"]
    assert all(job.startswith(begin) for job, begin in zip(jobs, expected, strict=True)), listed


def test_the_search_that_was_preempted_went_on_from_its_step(remote):
    (log,) = remote.folder.glob("results/logs/search_architecture/*.log")
    text = log.read_text()
    assert "search: taken up after 3 epochs" in text  # fold 1 is not searched again
    assert not list(remote.folder.glob("results/resume/search/*"))


def test_the_table_is_that_of_a_local_run(local, remote):
    results = [run.folder / "results" for run in (local, remote)]
    for name in ("table2.md", "table2.tex"):
        one, other = ((folder / name).read_bytes() for folder in results)
        assert one == other, name
    one, other = (untimed(folder / "table2.csv") for folder in results)
    assert one == other
