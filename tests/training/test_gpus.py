"""GPUs are pretended: a lease is about their indices, and what nvidia-smi says of their memory."""

import contextlib
import errno
import os
import subprocess
import sys

import pytest

from sernas.base.errors import SernasError
from sernas.training.gpus import leased_gpu, visible_gpus

JOB = """
import logging, os, sys
logging.basicConfig(stream=sys.stderr)
from sernas.training.gpus import leased_gpu
with leased_gpu("auto", *map(int, sys.argv[1:])):
    assert "torch" not in sys.modules
    print(os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def machine(monkeypatch, tmp_path):
    """A machine of its own without GPUs and without a scheduler."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    return tmp_path


@pytest.fixture
def start():
    """Start jobs that hold what they leased until their stdin is closed or they are killed.

    Arguments are those of a lease after the device.
    """
    with contextlib.ExitStack() as jobs:

        def start(*arguments, **environment):
            process = jobs.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", JOB, *map(str, arguments)],
                    env={**os.environ, **environment},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            jobs.callback(process.kill)
            return process

        yield start


def got(process):
    return process.stdout.readline().strip()


@pytest.mark.parametrize("gpus", [["0", "1"], ["3", "5"], ["GPU-8f2a", "MIG-GPU-8f2a/1/0"]])
def test_jobs_side_by_side_get_one_each_of_what_is_visible(start, gpus):
    first, second = (start(CUDA_VISIBLE_DEVICES=",".join(gpus)) for _ in range(2))
    assert {got(first), got(second)} == set(gpus)


@pytest.mark.parametrize("end", [lambda job: job.stdin.close(), lambda job: job.kill()])
def test_when_all_are_taken_the_next_waits_for_one_and_says_so(start, end):
    holder = start(CUDA_VISIBLE_DEVICES="7")
    assert got(holder) == "7"
    waiter = start(CUDA_VISIBLE_DEVICES="7")
    line = waiter.stderr.readline()
    assert "every GPU that is visible (7)" in line
    assert "--resources gpu=1" in line
    assert waiter.poll() is None
    end(holder)
    assert got(waiter) == "7"


def test_jobs_spread_before_they_share(start):
    """Up to as many a GPU as there may be."""
    jobs = [start(2, CUDA_VISIBLE_DEVICES="3,5") for _ in range(2)]
    assert {got(job) for job in jobs} == {"3", "5"}
    jobs += [start(2, CUDA_VISIBLE_DEVICES="3,5") for _ in range(2)]
    assert {got(job) for job in jobs[2:]} == {"3", "5"}
    waiter = start(2, CUDA_VISIBLE_DEVICES="3,5")
    assert "--resources gpu=4 starts no more" in waiter.stderr.readline()
    jobs[1].kill()
    assert got(waiter) in ("3", "5")


def test_the_next_goes_where_there_are_fewest(start):
    first, second, third = (start(3, CUDA_VISIBLE_DEVICES="3,5") for _ in range(3))
    where = [got(first), got(second), got(third)]
    lonely = min(where, key=where.count)
    assert where.count(lonely) == 1
    assert got(start(3, CUDA_VISIBLE_DEVICES="3,5")) == lonely


def pretend_memory(machine, *lines):
    """Let nvidia-smi say "free, total" of the GPUs 0, 1, ... as it was asked."""
    cases = "".join(f'{i}) echo "{line}" ;; ' for i, line in enumerate(lines))
    write_smi(machine, f'case "$2" in {cases} esac')


def write_smi(machine, script):
    whole = machine / "bin/new"
    whole.write_text(f"#!/bin/sh\n{script}\n")
    whole.chmod(0o755)
    whole.rename(machine / "bin/nvidia-smi")  # it may be running


@pytest.mark.parametrize(("free", "needed"), [(50, 100), (900, 600)])
def test_a_job_waits_for_the_memory_that_it_needs(machine, start, free, needed):
    """What there is now, or what is left when those that have begun use what they will."""
    pretend_memory(machine, f"{free}, 1000")
    holder = start(2, needed, CUDA_VISIBLE_DEVICES="0")
    assert got(holder) == "0"
    waiter = start(2, needed, CUDA_VISIBLE_DEVICES="0")
    assert f"(0) has the {needed} MB left" in waiter.stderr.readline()
    assert waiter.poll() is None
    holder.kill()
    assert got(waiter) == "0"


def test_where_memory_comes_free_the_next_begins(machine, start):
    pretend_memory(machine, "50, 1000")
    assert got(start(2, 100, CUDA_VISIBLE_DEVICES="0")) == "0"
    waiter = start(2, 100, CUDA_VISIBLE_DEVICES="0")
    assert waiter.stderr.readline()
    pretend_memory(machine, "150, 1000")
    assert got(waiter) == "0"


def test_jobs_share_the_gpu_that_has_room(machine, start):
    """The first in order has no more jobs, but no memory for another."""
    pretend_memory(machine, "50, 1000", "800, 1000")
    for at in ("0", "1", "1"):
        assert got(start(3, 100, CUDA_VISIBLE_DEVICES="0,1")) == at


@pytest.mark.parametrize("told", ["[N/A], [N/A]", "No devices were found"])
def test_memory_that_is_not_told_is_not_asked_for(machine, start, told):
    pretend_memory(machine, told)
    for _ in range(2):
        assert got(start(2, 10**9, CUDA_VISIBLE_DEVICES="0")) == "0"


def test_without_the_variable_all_gpus_of_the_machine_are_visible(machine, start):
    listed = ["GPU 0: One (UUID: a)", "  MIG 1g", "GPU 1: Two (UUID: b)"]
    write_smi(machine, "; ".join(f'echo "{line}"' for line in listed))
    assert visible_gpus() == ["0", "1"]
    first, second = start(), start()
    assert {got(first), got(second)} == {"0", "1"}


@pytest.mark.parametrize("value", [None, "", "-1"])
def test_where_there_is_none_nothing_is_leased(machine, monkeypatch, value):
    if value is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    with leased_gpu("auto"):
        assert os.environ.get("CUDA_VISIBLE_DEVICES") == value
    assert not list(machine.glob("sernas-gpus*"))


def test_the_cpu_needs_none(machine, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    with leased_gpu("cpu"):
        assert os.environ["CUDA_VISIBLE_DEVICES"] == "0,1"
    assert not list(machine.glob("sernas-gpus*"))


def test_a_gpu_that_slurm_assigned_is_left_as_it_is(start):
    """Two jobs may both see an index 0 that is not the same GPU."""
    jobs = [start(CUDA_VISIBLE_DEVICES="0", SLURM_JOB_ID=number) for number in ("11", "12")]
    assert [got(job) for job in jobs] == ["0", "0"]


def test_jobs_inside_one_allocation_share_its_gpus_out(start):
    inside = {"CUDA_VISIBLE_DEVICES": "0,1", "SLURM_JOB_ID": "11"}
    assert {got(start(**inside)), got(start(**inside))} == {"0", "1"}
    other = start(CUDA_VISIBLE_DEVICES="0,1", SLURM_JOB_ID="12")
    assert got(other) == "0"


def test_an_end_gives_it_back(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    for _ in range(3):
        with leased_gpu("auto"):
            assert os.environ["CUDA_VISIBLE_DEVICES"] == "0"
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")


def test_where_no_lock_is_to_be_had_one_is_told_of_locks(machine, monkeypatch):
    def fails(file, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", fails)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,1")
    with pytest.raises(SernasError, match="expected a lock .*No locks available.*; set TMPDIR"):
        leased_gpu("auto").__enter__()
