"""What there is of the table of results when some jobs failed, and why there is no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pandas as pd

from sernas.base.costs import Cost
from sernas.base.errors import SernasError
from sernas.base.files import write_csv, write_text
from sernas.experiments.experiment import Experiment, in_paper_order
from sernas.reporting.differences import differences
from sernas.reporting.result_files import (
    RunOf,
    check_predictions,
    read_folds,
    read_summaries,
    run_of,
    tested_utterances,
)
from sernas.reporting.table import as_table, known, measured
from sernas.reporting.table_text import to_markdown
from sernas.settings.reporting import EvaluationSettings

CAPTION = (
    "This table is partial: a row without figures lacks folds, and *missing* says which and why. "
    "A complete row is what it will be in the whole table, but that its differences are corrected "
    "for fewer comparisons."
)


def partial_table(
    predictions: Iterable[str],
    summaries: Iterable[str],
    splits: Iterable[str],
    costs: Mapping[tuple[str, str], Sequence[Cost]],
    reasons: Mapping[str, str],
    experiment: Experiment,
    emotions: Sequence[str],
    settings: EvaluationSettings,
    seed: int,
) -> pd.DataFrame:
    """The table with a last column ``missing``: blank, or which folds a row lacks, and why.

    A row that lacks a fold has no figures but the paper's, and none is compared with it; every
    other is as in the whole table, but that its p-values are corrected for fewer.

    Args:
        predictions: files ``.../<system>/<strategy>/seed<n>/fold<k>.csv`` of all runs.
        summaries: what training says of the same folds' networks.
        splits: the folds that the predictions have to fit; read only where there are some.
        costs: what runs took, as far as it is known; see :func:`results_table`.
        reasons: why a file of ``predictions`` is not there, or not of this run; by its path.
        experiment: whose figures stand beside ours.
        emotions: the classes.
        settings: the intervals of the pooled UA.
        seed: of the bootstrap.
    """
    folds: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for prediction, summary in zip(predictions, summaries, strict=True):
        run = run_of(prediction)
        folds.setdefault((run.system, run.strategy), []).append((prediction, summary))
    there = any(path not in reasons for row in folds.values() for path, _ in row)
    tested = tested_utterances(splits) if there else {}
    cells, counts = {}, {}
    for row in in_paper_order(folds):
        paths, of_training = zip(*folds[row], strict=True)
        lacking = {}
        for prediction, summary in folds[row]:
            reason = reasons.get(prediction) or _refusal(prediction, summary, tested)
            if reason:
                lacking.setdefault(reason, []).append(run_of(prediction))
        cells[row], missing = {}, "; ".join(f"{_named(k)}: {why}" for why, k in lacking.items())
        if not missing:
            try:
                (tables,) = read_folds(paths).values()
                summaries, cost = read_summaries(of_training), costs.get(row, ())
                cells[row], counts[row] = measured(
                    tables, summaries, cost, emotions, settings, seed
                )
            except Exception as error:  # a table of the right utterances may hold anything else
                missing = _sentence(error)
        cells[row]["missing"] = missing
    for row, compared in differences(counts, settings, seed).items():
        cells[row] |= compared
    return as_table((known(row, experiment) | cells[row] for row in cells), "missing")


def keep_partial(
    table: pd.DataFrame, experiment: Experiment, folder: str | Path, confidence: float
) -> list[str]:
    """Write ``<table>_partial.csv`` and ``.md`` if a row is complete, else remove earlier ones.

    Args:
        table: of :func:`partial_table`.
        experiment: whose figures it holds.
        folder: where the whole table would be.
        confidence: of the interval, as a fraction.

    Returns:
        What to tell the user, in lines: where the files are, then each reason with its rows.
    """
    complete = table["missing"] == ""
    if complete.any():
        csv, markdown = _files(experiment, folder)
        write_text(markdown, f"{to_markdown(table, experiment, confidence)}\n{CAPTION}\n")
        write_csv(table, csv)
        rows = f"{complete.sum()} of the {len(table)} rows of {experiment.title}"
        lines = [f"{rows} are in {markdown} and .csv"]
    else:
        remove_partial(experiment, folder)
        lines = [f"none of the {len(table)} rows of {experiment.title} is complete"]
    for missing, rows in table[~complete].groupby("missing", sort=False):
        names = ", ".join(f"{row.system} {row.nas}" for row in rows.itertuples())
        lines.append(f"{names}: {missing}")
    return lines


def remove_partial(experiment: Experiment, folder: str | Path) -> None:
    """Remove what an earlier run kept in the ``folder`` of the results."""
    for path in _files(experiment, folder):
        path.unlink(missing_ok=True)


def _files(experiment: Experiment, folder: str | Path) -> tuple[Path, Path]:
    """The CSV and the Markdown."""
    csv = Path(folder, f"{experiment.table}_partial.csv")
    return csv, csv.with_suffix(".md")


def _refusal(prediction: str, summary: str, tested: Mapping) -> str:
    """Why a fold's files cannot be used; blank if they can."""
    for path, read in (
        (prediction, lambda path: check_predictions(path, tested)),
        (summary, lambda path: read_summaries([path])),
    ):
        try:
            read(path)
        except SernasError as error:
            return _sentence(error)
        except Exception as error:  # a damaged file makes its reader raise whatever it happens upon
            return f"{path}: cannot be read ({_sentence(error)}); delete the file and run again"
    return ""


def _sentence(error: Exception) -> str:
    """What an error says, on one line."""
    text = " ".join(str(error).split())
    return text if isinstance(error, SernasError) else f"{type(error).__name__}: {text}"


def _named(runs: Sequence[RunOf]) -> str:
    """``"folds 2, 3 of seed 1 and fold 2 of seed 2"``."""
    named = []
    for seed, of_seed in groupby(runs, attrgetter("seed")):
        folds = [str(run.fold) for run in of_seed]
        named.append(f"fold{'s' if len(folds) > 1 else ''} {', '.join(folds)} of seed {seed}")
    return " and ".join(named)
