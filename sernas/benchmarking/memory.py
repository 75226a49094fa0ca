"""The most memory that a piece of work holds at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from pathlib import Path

import torch
from tqdm import tqdm

from sernas.training.devices import keep_freed_memory

STATUS = Path("/proc/self/status")
MIB = 2**20
STEPS = 3  # the first makes the optimiser's state, the second lives beside it


def peaks(
    builders: Mapping[Hashable, Callable[[], Callable[[], object]]], device: torch.device
) -> dict[Hashable, float | None]:
    """:func:`peak_mib` of each of ``builders``: what it returns is called three times."""
    held = {}
    for name, build in tqdm(builders.items(), "memory", disable=None):
        held[name] = peak_mib(partial(_build_and_run, build), device)
    return held


def _build_and_run(build: Callable[[], Callable[[], object]]) -> None:
    step = build()
    for _ in range(STEPS):
        step()


def peak_mib(build_and_run: Callable[[], None], device: torch.device) -> float | None:
    """The most that ``build_and_run`` holds above what there was before, in MiB.

    On the CPU: resident memory but for the code of libraries, of a child process, whose record
    starts where its parent is, and which gives back what it frees. To be called before anything is
    timed: the parent keeps what was freed, and a child that finds it there takes no more. None
    where there is no ``/proc``. On a GPU: what torch allocates on it.
    """
    if device.type == "cuda":
        before = torch.cuda.memory_allocated(device)
        torch.cuda.reset_peak_memory_stats(device)
        build_and_run()
        return (torch.cuda.max_memory_allocated(device) - before) / MIB
    if not STATUS.exists():
        return None
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_measure, args=(build_and_run, sender))
    child.start()
    child.join()
    if child.exitcode != 0:
        raise MemoryError(f"a measurement of memory ended with {child.exitcode}; is there enough?")
    return receiver.recv()


def _measure(build_and_run: Callable[[], None], sender) -> None:
    keep_freed_memory(False)
    before = _status()
    build_and_run()
    after = _status()
    code = after["RssFile"] - before["RssFile"]
    sender.send((after["VmHWM"] - before["VmRSS"] - code) / 1024)


def _status() -> dict[str, int]:
    """This process's memory in KiB."""
    lines = (line.split() for line in STATUS.read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) for words in lines if words[-1] == "kB"}
