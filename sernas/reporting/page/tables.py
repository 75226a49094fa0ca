"""The tables of the page: what a run wrote as CSV, with headers and figures to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from sernas.experiments.experiment import Experiment, display_name
from sernas.reporting.durations import in_groups
from sernas.reporting.page import seen
from sernas.reporting.page.run import Row
from sernas.reporting.table_text import caption, cells, headers
from sernas.reporting.ua_of_groups import percent_ua

EXAMPLES = 3  # of what was excluded for a reason


@dataclass(frozen=True)
class Table:
    """A table as text.

    Attributes:
        name: of its element.
        caption: what it is, in a line.
        columns: their headers; the first stands as a row's header.
        rows: their cells; what is between two pairs of asterisks is strong.
        about: more on it, below.
        reading: how it is read, HTML.
        words: how many columns, from the left, are words.
    """

    name: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    about: str = ""
    reading: str = ""
    words: int = 2


def results(
    table: pd.DataFrame, experiment: Experiment, confidence: float, notes: Sequence[str]
) -> Table:
    """That of :func:`sernas.reporting.table.results_table`; see :func:`to_markdown`."""
    columns = pd.DataFrame(
        cells(table, experiment, confidence), columns=headers(table, experiment, confidence)
    )
    there = columns.loc[:, (columns != "").any()]
    return Table(
        "results",
        f"Results, as in {experiment.title}",
        list(there),
        there.to_numpy().tolist(),
        caption(table, experiment, confidence, notes),
    )


def costs(table: pd.DataFrame) -> Table:
    """What a run of each row took, of the same table."""
    shown = table.assign(tflop=table["steps"] * table["gflop_step"] / 1000)
    columns = {
        "params_k": ("#param (k)", "{:.1f}"),
        "epochs": ("epochs", "{:.3g}"),
        "steps": ("steps", "{:.0f}"),
        "gflop_step": ("GFLOP a step", "{:.3g}"),
        "tflop": ("TFLOP", "{:.3g}"),
        "seconds": ("seconds", "{:.1f}"),
        "peak_mb": ("peak MB", "{:.0f}"),
    }
    about = (
        "Search and training of a run, a seed and a fold: means over the runs, but of the memory "
        "the most of any. Blank where nothing is trained by steps."
    )
    return _of("costs", "What each row costs", shown, OF_ROW | columns, about)


def claims(table: pd.DataFrame) -> Table:
    """That of :func:`sernas.reporting.claims.claims_table`."""
    columns = {
        "system": ("System", display_name),
        "claim": ("claim", str),
        "verdict": ("verdict", str),
        "estimate": ("estimate", "{:+z.2f}"),
        **_interval("low", "high"),
        "p": ("p", "{:.3f}"),
    }
    return _of("claims", "The paper's claims, tested on these runs", table, columns, words=3)


def searches(table: pd.DataFrame) -> Table:
    """That of :func:`sernas.reporting.searches.searches_table`."""
    columns = OF_ROW | {
        "runs": ("runs", "{:.0f}"),
        "moved": ("moved", "{:.0f}"),
        "largest_weight": ("largest weight", "{:.2f}"),
        "gradient_to_noise": ("gradient to noise", "{:.2f}"),
        "kappa": ("kappa", "{:.2f}"),
        **_interval("kappa_low", "kappa_high"),
        "mixture_loss": ("mixture's loss", "{:.3f}"),
        "paths_loss": ("paths' loss", "{:.3f}"),
    }
    return _of("searches", "What each search amounts to", table, columns)


def rank_correlation(table: pd.DataFrame) -> Table:
    """That of :mod:`sernas.reporting.rank_correlation`."""
    columns = OF_ROW | {
        "tau": ("tau", "{:.2f}"),
        **_interval("tau_low", "tau_high"),
        "tau_within": ("tau within", "{:.2f}"),
        "tau_weights": ("tau of weights", "{:.2f}"),
        "ceiling": ("ceiling", "{:.2f}"),
        "regret": ("regret", "{:.2f}"),
        "regret_random": ("regret of a draw", "{:.2f}"),
    }
    return _of("ranks", "Ranks with inherited weights and alone", table, columns)


def variants(table: pd.DataFrame) -> Table:
    """That of :func:`sernas.reporting.variants.variants_table`."""
    columns = OF_ROW | {
        "variant": ("variant", str),
        "ua": ("UA", "{:.2f}"),
        **_interval("ua_low", "ua_high"),
        "gain": ("gain", "{:+z.2f}"),
        **_interval("low", "high"),
        "p": ("p", "{:.3f}"),
    }
    return _of("variants", "Variants of the configuration", table, columns, words=3)


def choices(table: pd.DataFrame) -> list[Table]:
    """How often the runs of each row ended with a candidate, a table a system.

    Args:
        table: of :func:`sernas.reporting.architectures.architectures_table`.
    """
    if table.empty:
        return []
    layers = [name for name in table if name not in ("system", "nas", "seed", "fold", "params")]
    found = []
    for system, of in table.groupby("system", sort=False):
        own = [layer for layer in layers if all(of[layer]) and not is_cell(of[layer])]
        rows = [
            [strategy, *(_counted(runs[layer]) for layer in own)]
            for strategy, runs in of.groupby("nas", sort=False)
        ]
        if own:
            title = f"What the runs of {display_name(system)} ended with, and how many did"
            found.append(Table(f"choices-{system}", title, ["NAS", *own], rows, words=1 + len(own)))
    return found


def recognised(
    predictions: Mapping[Row, Sequence[pd.DataFrame]], rows: Sequence[Row], emotions: Sequence[str]
) -> Table:
    """How each row does on each emotion, on its best and worst speaker, on short and long
    utterances.

    Args:
        predictions: of each run of each row.
    """
    of_speakers = ["best speaker", "UA", "worst speaker", "UA"]
    columns = ["System", "NAS", *emotions, *of_speakers, "UA of short ones", "UA of long ones"]
    found = []
    for row in rows:
        pooled = pd.concat(predictions[row])
        uas, lengths = seen.by_speaker(pooled), in_groups(pooled)
        figures = [
            *(f"{share:.1f}" for share in seen.percent_of_rows(pooled, emotions).diagonal()),
            *(uas.idxmax(), f"{uas.max():.1f}", uas.idxmin(), f"{uas.min():.1f}"),
            *(f"{percent_ua(lengths[place]):.1f}" for place in (0, -1)),
        ]
        found.append([display_name(row[0]), row[1], *figures])
    about = (
        "Of each emotion the share of its utterances that are recognised, in percent; short and "
        "long ones are the first and the last of up to six groups by duration, as in the pictures."
    )
    return Table("by-group", "Recognised, by emotion, speaker and duration", columns, found, about)


def excluded(table: pd.DataFrame) -> Table:
    """What was left out, a line a reason, the most frequent one first.

    Args:
        table: ``utterance, path, speaker, emotion, reason``.
    """
    rows = [
        [
            reason,
            str(len(of)),
            str(of["speaker"].nunique()),
            ", ".join([*of["utterance"][:EXAMPLES], *["..."][: len(of) - EXAMPLES]]),
        ]
        for reason, of in table.groupby("reason")
    ]
    rows.sort(key=lambda row: -int(row[1]))
    columns = ["reason", "utterances", "speakers", "the first"]
    return Table("excluded", "What was left out, and why", columns, rows, words=1)


def pairs(name: str, title: str, of: Mapping[str, object]) -> Table:
    """A line an entry of ``of``."""
    rows = [[key, "none" if value is None else str(value)] for key, value in of.items()]
    return Table(name, title, ["what", "which"], rows)


OF_ROW = {"system": ("System", display_name), "nas": ("NAS", str)}
Column = tuple[str, str | Callable[[object], str]]


def _interval(low: str, high: str) -> dict[str, Column]:
    return {low: ("from", "{:z.2f}"), high: ("to", "{:z.2f}")}


def _of(
    name: str,
    title: str,
    table: pd.DataFrame,
    columns: Mapping[str, Column],
    about: str = "",
    words: int = 2,
) -> Table:
    """Some columns of ``table``, by what their headers and cells are."""
    forms = [form.format if isinstance(form, str) else form for _, form in columns.values()]
    rows = [
        ["" if pd.isna(value) else form(value) for form, value in zip(forms, row, strict=True)]
        for row in table[list(columns)].itertuples(index=False)
    ]
    headers = [header for header, _ in columns.values()]
    return Table(name, title, headers, rows, about, words=words)


def is_cell(chosen: pd.Series) -> bool:
    """Whether these are genotypes, of which pictures tell more."""
    return chosen.str.contains("(", regex=False).any()


def _counted(chosen: pd.Series) -> str:
    """``"5x5 (3), 4x4 (2)"``, the most frequent one first."""
    return ", ".join(f"{name} ({n})" for name, n in Counter(chosen).most_common())
