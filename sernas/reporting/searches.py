"""What each search amounts to: whether it moved, what it learned, how well its runs agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sernas.base.files import read_csv
from sernas.experiments.experiment import display_name, in_paper_order
from sernas.reporting.agreement import Derived, agreement, chance_of
from sernas.reporting.moved import has_moved, last_weights

COLUMNS = [
    *("system", "nas", "runs", "moved", "largest_weight", "gradient_to_noise"),
    *("kappa", "kappa_low", "kappa_high", "kappa_seeds", "kappa_folds"),
    *("mixture_loss", "paths_loss", "note"),
]


def searches_table(
    histories: Mapping[tuple[str, str], Sequence[pd.DataFrame]],
    derived: Mapping[tuple[str, str], Sequence[Derived]],
    classes: int,
) -> pd.DataFrame:
    """One row for each searched (system, strategy), in the order of :func:`in_paper_order`.

    Args:
        histories: that of each run; see :func:`sernas.search.history.record`.
        derived: what the same runs derived.
        classes: how many there are.

    Returns:
        ``moved``: of how many ``runs``, see :func:`sernas.reporting.moved.has_moved`.
        ``largest_weight`` is a multiple of the uniform one, mean over layers and runs;
        ``gradient_to_noise`` the median of the last third of the epochs that have one, about 1 of
        noise alone; the losses are the last ones, mean over the runs; kappa: see
        :func:`sernas.reporting.agreement.agreement`. ``note`` is a sentence where more than half
        of the runs have not moved.
    """
    rows = []
    for row in in_paper_order(histories):
        runs = histories[row]
        moved = sum(has_moved(run, classes) for run in runs)
        kappas = agreement(derived[row], chance_of(runs[0]))
        figures = {
            "largest_weight": np.mean([largest_weight(run) for run in runs]),
            "gradient_to_noise": pd.concat(map(_last_ratios, runs)).median(),
            "kappa": kappas.kappa,
            **{
                f"kappa_{name}": value
                for name, value in kappas._asdict().items()
                if name != "kappa"
            },
            **{name: _last(runs, name) for name in ("mixture_loss", "paths_loss")},
        }
        rows.append(
            {"system": row[0], "nas": row[1], "runs": len(runs), "moved": moved}
            | {name: round(float(value), 4) for name, value in figures.items()}
            | {"note": unmoved(row, len(runs), moved)}
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def unmoved(row: tuple[str, str], runs: int, moved: int) -> str | None:
    """The sentence of a row whose searches mostly have not moved."""
    if 2 * moved >= runs:
        return None
    return (
        f"{display_name(row[0])}, {row[1]}: {runs - moved} of {runs} searches have not moved; "
        "their architectures are draws of lots."
    )


def notes_of(path: str | Path) -> list[str]:
    """The sentences of a file of :func:`searches_table` that a table of results has to repeat."""
    return [note for note in read_csv(path)["note"] if note]


def largest_weight(history: pd.DataFrame) -> float:
    """Of the candidates of a layer after the last epoch, in uniform weights; mean over layers."""
    return float(np.mean([len(a) * a.max() for a in last_weights(history).values()]))


def gradient_to_noise(history: pd.DataFrame) -> pd.Series:
    """The architecture gradient's size in standard errors, by epoch."""
    return history["gradient"] / history["gradient_noise"].where(lambda noise: noise > 0)


def _last_ratios(history: pd.DataFrame) -> pd.Series:
    ratios = gradient_to_noise(history).dropna()
    return ratios.iloc[2 * len(ratios) // 3 :]


def _last(runs: Iterable[pd.DataFrame], name: str) -> float:
    last = [run.loc[run["stage"] != "evolution", name].dropna().tail(1) for run in runs]
    return pd.concat(last).mean()
