import mmap
from pathlib import Path

import pytest
import torch

from sernas.benchmarking.memory import peak_mib, peaks

CPU = torch.device("cpu")
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")


def hold(mib):
    """Memory that is the kernel's to give, so that malloc has none of it in store."""
    with mmap.mmap(-1, mib << 20) as block:
        for page in range(0, len(block), mmap.PAGESIZE):
            block[page] = 1


def test_the_peak_of_a_known_allocation():
    assert 60 < peak_mib(lambda: hold(64), CPU) < 90


def test_what_was_given_back_counts_once():
    def twice():
        hold(48)
        hold(48)

    assert 45 < peak_mib(twice, CPU) < 75


def test_what_the_process_held_before_does_not_count():
    with mmap.mmap(-1, 64 << 20) as block:
        block[:] = bytes([1]) * len(block)
        assert peak_mib(lambda: hold(16), CPU) < 40


def test_each_is_built_and_run_in_a_process_of_its_own():
    built = []

    def build():
        built.append(1)
        return lambda: hold(32)

    assert 30 < peaks({"a": build}, CPU)["a"] < 60
    assert built == []


def test_work_that_fails_is_an_error():
    with pytest.raises(MemoryError, match="ended with 1"):
        peak_mib(lambda: 1 / 0, CPU)
