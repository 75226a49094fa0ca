"""The pictures that a run drew, by kind, each with what is seen on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from sernas.reporting.page import seen
from sernas.reporting.page.naming import title_of
from sernas.reporting.page.run import Row, Run
from sernas.reporting.page.shown import Shown, png
from sernas.reporting.page.tables import is_cell

OF_PREDICTIONS = {
    "confusion": seen.of_confusion,
    "speakers": seen.of_speakers,
    "durations": seen.of_durations,
}
SKIP = "skip_connect"


def of_predictions(run: Run, kind: str) -> list[Shown]:
    """Those of one of :data:`OF_PREDICTIONS`."""
    in_words = OF_PREDICTIONS[kind]
    return _of_rows(
        run,
        kind,
        run.rows,
        lambda row: in_words(pd.concat(run.predictions[row]), run.emotions),
    )


def of_searches(run: Run, kind: str) -> list[Shown]:
    """Those of searches: in words what the table of searches says of them."""
    table = run.table("searches")
    of = {(row.system, row.nas): row for row in table.itertuples()}
    return _of_rows(run, kind, list(of), lambda row: _searched(of[row]), wide=True)


def of_collapse(run: Run) -> list[Shown]:
    """Those of searches of cells: in words how many skip connections they ended with."""
    return _of_rows(run, "collapse", run.rows, partial(_skips, run.texts("architectures")))


def of_cells(run: Run) -> list[Shown]:
    """The genotypes that the runs of each row ended with, each once: in words the same."""
    table = run.texts("architectures")
    if table.empty:
        return []
    cells = [name for name in table if is_cell(table[name])]
    found = []
    for (system, strategy, *genotype), of in table.groupby(["system", "nas", *cells], sort=False):
        first, others = of.iloc[0], len(of) - 1
        folder = f"cells/{system}_{strategy}/seed{first['seed']}"
        if path := run.picture(f"{folder}/fold{first['fold']}"):
            title = f"{title_of((system, strategy))}, seed {first['seed']}, fold {first['fold']}"
            if others:
                title += f", and {others} other run{'s' * (others > 1)} alike"
            drawn = (f"Cell {name}: {text}." for name, text in zip(cells, genotype, strict=True))
            found.append(Shown(png(path), title, " ".join(drawn)))
    return found


def of_fig3(run: Run) -> list[Shown]:
    """The curves of Fig. 3: in words where they end."""
    curves, words = run.table("fig3"), []
    for panel, of in curves.groupby("panel") if len(curves) else ():
        last = of.sort_values("epoch").groupby("strategy", sort=False)["loss"].last()
        ends = ", ".join(f"{strategy} {loss:.2f}" for strategy, loss in last.items())
        words.append(f"Panel {panel}, loss after the last epoch: {ends}.")
    return _alone(run, "fig3", "Fig. 3", " ".join(words))


def of_ranks(run: Run) -> list[Shown]:
    """How ranks agree: in words Kendall's tau of each row."""
    known = [row for row in run.table("rank_correlation").itertuples() if not pd.isna(row.tau)]
    words = "; ".join(f"{title_of((row.system, row.nas))} {row.tau:.2f}" for row in known)
    return _alone(run, "rank_correlation", "Ranks", f"Kendall's tau: {words or 'unknown'}.")


def _alone(run: Run, name: str, title: str, words: str) -> list[Shown]:
    path = run.picture(name)
    return [Shown(png(path), title, words, wide=True)] if path else []


def _of_rows(
    run: Run, kind: str, rows: Sequence[Row], say: Callable[[Row], str], wide: bool = False
) -> list[Shown]:
    """A picture of each row that has one, ``<kind>/<system>_<strategy>.png``.

    Args:
        say: what is seen on a row's.
    """
    files = {row: run.picture(f"{kind}/{'_'.join(row)}") for row in rows}
    return [Shown(png(path), title_of(row), say(row), wide) for row, path in files.items() if path]


def _searched(row) -> str:
    figures = {
        "largest weight, in uniform ones": row.largest_weight,
        "gradient to noise": row.gradient_to_noise,
        "agreement of the runs (kappa)": row.kappa,
        "last loss of the mixture": row.mixture_loss,
        "of drawn paths": row.paths_loss,
    }
    words = [f"{name} {value:.2f}" for name, value in figures.items() if not pd.isna(value)]
    return "; ".join([f"{row.moved} of {row.runs} searches have moved", *words]) + "."


def _skips(table: pd.DataFrame, row: Row) -> str:
    of = table[(table["system"] == row[0]) & (table["nas"] == row[1])]
    skips = {name: of[name].str.count(SKIP) for name in of if name not in row}
    words = [f"{each.mean():.1f} in cell {name}" for name, each in skips.items() if each.any()]
    return f"Skip connections at the end, mean of the runs: {', '.join(words) or 'none'}."
