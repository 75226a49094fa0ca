"""The curves of searches and trainings as TensorBoard reads them."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sernas.base.diary import NAME, read_diary
from sernas.base.errors import SettingsError
from sernas.reporting.result_files import run_of

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

STEPS = {"search": "search", "models": "training"}
"""What a run is called, by the folder that its history ends up in."""
NO_CURVES = {"candidate", "epoch"}

Rows = Sequence[Mapping[str, Any]]


class Events:
    """Event files of every run below a folder of results, which grow as its epochs end.

    A run is a search on a fold, or the training of a candidate: ``search/<system>_<strategy>_seed1/
    fold2``, ``training/.../fold2/candidate1``, after the folder of its experiment. Its steps are
    the rows of its history.

    Args:
        results: of the workflow.
        out: folder of the event files; what is in it is removed.

    Raises:
        SettingsError: TensorBoard is not installed.
    """

    def __init__(self, results: Path, out: Path):
        if find_spec("tensorboard") is None:
            raise SettingsError(
                "expected the library tensorboard, found none; install it: "
                "pip install -c constraints.txt -e '.[tensorboard]'"
            )
        self._results, self._out = results, out
        self._read: dict[Path, float] = {}  # when each file had been changed
        self._written: dict[str, int] = {}  # epochs of each run
        self._writers: dict[str, SummaryWriter] = {}  # of those that go on
        shutil.rmtree(out, ignore_errors=True)

    def update(self) -> int:
        """Write the epochs that are new; how many."""
        new = sum(self._write(name, rows) for name, rows in self._living())
        for name, rows in self._finished():
            new += self._write(name, rows)
            self._writers.pop(name).close()
        return new

    def _write(self, name: str, rows: Rows) -> int:
        """Those of a run; one with fewer than before was begun anew."""
        behind = self._written.get(name, 0)
        if len(rows) < behind:
            behind = 0
            if name in self._writers:
                self._writers.pop(name).close()
        if name not in self._writers:
            self._writers[name] = self._writer(name, behind + 1)
        for step, row in enumerate(rows[behind:], behind + 1):
            for tag, value in row.items():
                if tag not in NO_CURVES and isinstance(value, Real) and math.isfinite(value):
                    self._writers[name].add_scalar(tag, value, step)
        self._writers[name].flush()
        self._written[name] = len(rows)
        return len(rows) - behind

    def _writer(self, name: str, step: int) -> SummaryWriter:
        """One that has whoever reads along forget what was there from ``step`` on."""
        from torch.utils.tensorboard import SummaryWriter

        return SummaryWriter(str(self._out / name), purge_step=step)

    def _living(self) -> Iterator[tuple[str, Rows]]:
        """The runs that have checkpoints, by their diaries."""
        for path in self._changed(f"resume/*/*/**/{NAME}"):
            parts = path.relative_to(self._results).parent.parts
            at = parts.index("resume")
            row = re.sub(r"(_seed\d+)_[\d_]+$", r"\1", parts[at + 2])  # without a job's folds
            name = "/".join((*parts[:at], parts[at + 1], row, *parts[at + 3 :]))
            yield name, [entry.row for entry in read_diary(path)]

    def _finished(self) -> Iterator[tuple[str, Rows]]:
        """The runs whose histories are results."""
        for folder, step in STEPS.items():
            for path in self._changed(f"{folder}/*/*/seed*/fold*.csv"):
                run, place = run_of(path), path.relative_to(self._results).parts[:-5]
                row = f"{run.system}_{run.strategy}_seed{run.seed}"
                with suppress(FileNotFoundError):  # a job that begins takes away what was
                    yield from _curves("/".join((*place, step, row, f"fold{run.fold}")), path)

    def _changed(self, pattern: str) -> Iterator[Path]:
        """Files of the main results and of others in them that changed since they were read."""
        for path in sorted(self._results.rglob(pattern)):
            with suppress(FileNotFoundError):
                changed = path.stat().st_mtime
                if self._read.get(path) != changed:
                    self._read[path] = changed
                    yield path


def _curves(name: str, path: Path) -> Iterator[tuple[str, Rows]]:
    """Those of a history: of each candidate, if it has several; none, if it has no epochs."""
    history = pd.read_csv(path)
    if "candidate" in history:
        for candidate, rows in history.groupby("candidate"):
            yield f"{name}/candidate{candidate}", rows.to_dict("records")
    elif "epoch" in history:
        yield name, history.to_dict("records")
