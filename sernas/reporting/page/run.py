"""What a run made, as its page reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sernas.base.files import read_csv, read_json
from sernas.experiments.experiment import Experiment
from sernas.reporting.result_files import read_folds
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

Row = tuple[str, str]
"""(system, strategy)."""


@dataclass(frozen=True)
class Run:
    """A run's results.

    Attributes:
        experiment: of the table.
        results: the table.
        predictions: of each run of each row.
        histories: of the same networks' trainings.
        folder: of all files.
        files: what else the page may show.
        provenance: see :func:`sernas.reporting.provenance.provenance`.
    """

    experiment: Experiment
    results: pd.DataFrame
    predictions: Mapping[Row, Sequence[pd.DataFrame]]
    histories: Mapping[Row, Sequence[pd.DataFrame]]
    folder: Path
    files: frozenset[Path]
    provenance: Mapping[str, Any]

    @property
    def rows(self) -> list[Row]:
        """Those of the table."""
        return list(zip(self.results["system"], self.results["nas"], strict=True))

    @property
    def config(self) -> dict[str, Any]:
        """The whole configuration."""
        return self.provenance["config"]

    @property
    def emotions(self) -> list[str]:
        """The classes."""
        return self.config["emotions"]

    @property
    def chance(self) -> float:
        """The UA of a guess, in percent."""
        return 100 / len(self.emotions)

    @property
    def evaluation(self) -> EvaluationSettings:
        """How intervals are taken."""
        return from_slice(EvaluationSettings, self.config["evaluation"])

    def table(self, name: str) -> pd.DataFrame:
        """That of ``<name>.csv``; an empty one where the run made none."""
        path = self.folder / f"{name}.csv"
        return _read(path) if path in self.files else pd.DataFrame()

    def texts(self, name: str) -> pd.DataFrame:
        """The same as text, for names that may be numbers; a blank cell is empty."""
        path = self.folder / f"{name}.csv"
        return read_csv(path) if path in self.files else pd.DataFrame()

    def picture(self, name: str | Path) -> Path | None:
        """``<name>.png``; None where the run made none."""
        path = self.folder / f"{name}.png"
        return path if path in self.files else None


def read_run(
    experiment: Experiment,
    table: str | Path,
    files: Iterable[str | Path],
    predictions: Iterable[str | Path],
    histories: Iterable[str | Path],
    folder: Path,
) -> Run:
    """That of files of :func:`sernas.reporting.page.writing.write_page`."""
    return Run(
        experiment,
        _read(table),
        read_folds(predictions),
        read_folds(histories),
        folder,
        frozenset(map(Path, files)),
        read_json(folder / "provenance.json"),
    )


def _read(path: str | Path) -> pd.DataFrame:
    """Blank cells are missing; a strategy is called none."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])
