"""What was found, and what was not, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from sernas.corpora.registry import CORPORA
from sernas.experiments.experiment import display_name
from sernas.reporting.claims import UNTOLD
from sernas.reporting.page.comparisons import OTHERS, Comparison
from sernas.reporting.page.naming import title_of


class Finding(NamedTuple):
    """What there is to say of a row.

    Attributes:
        title: of the row.
        text: a sentence.
        ua, low, high: in percent; NaN where there is no interval.
        published: the paper's UA; None where it has none.
    """

    title: str
    text: str
    ua: float
    low: float
    high: float
    published: float | None


def of_rows(table: pd.DataFrame, compared: Sequence[Comparison], chance: float) -> list[Finding]:
    """A sentence a row, with its interval and what it is above.

    Args:
        table: of :func:`sernas.reporting.table.results_table`.
        compared: all comparisons.
        chance: the UA of a guess, in percent.
    """
    findings = []
    for row in table.itertuples():
        of = [each for each in compared if each.row == (row.system, row.nas)]
        parts = [f"UA {_with_interval(row)} on unseen speakers"]
        if row.ua_low <= chance <= row.ua_high:
            parts.append(f"cannot be told apart from a guess ({chance:.1f})")
        text = "; ".join([*parts, *map(str, of)]) + "."
        title = title_of((row.system, row.nas))
        figures = map(float, (row.ua, row.ua_low, row.ua_high))
        published = None if pd.isna(row.published_ua) else float(row.published_ua)
        findings.append(Finding(title, text, *figures, published))
    return findings


def lead(table: pd.DataFrame, corpus: str, emotions: Sequence[str]) -> str:
    """What was tested, on whom, and which row is highest."""
    best = table.loc[table["ua"].idxmax()]
    seeds = table["seeds"].max()
    runs = "one run of each fold" if seeds == 1 else f"{seeds} runs of each fold, a seed each"
    about = f" ({CORPORA[corpus].about})" if corpus in CORPORA else ""
    return (
        f"{_many(len(table), 'row')}, a system and a strategy each, on the corpus {corpus}{about} "
        f"with {_many(len(emotions), 'emotion')} ({', '.join(emotions)}). Each was tested on "
        f"{table['speakers'].max()} speakers, by {runs}, and nothing was trained on the speakers "
        f"that it was tested on. Of all, {title_of((best['system'], best['nas']))} has the highest "
        f"UA, {_with_interval(best)}. Noise is judged by p-values that are corrected for how many "
        "comparisons there are."
    )


def told(compared: Sequence[Comparison], claims: pd.DataFrame) -> list[str]:
    """What is beyond noise: differences between rows, and the paper's claims."""
    rows = [f"{title_of(each.row)}: {each}." for each in compared if each.told]
    return [*rows, *_claimed(claims, told=True)]


def untold(
    table: pd.DataFrame,
    compared: Sequence[Comparison],
    claims: pd.DataFrame,
    searches: pd.DataFrame,
    chance: float,
) -> list[str]:
    """What is not: rows that may be guesses, differences, claims, and searches that went
    nowhere."""
    guesses = table[(table["ua_low"] <= chance) & (table["ua_high"] >= chance)]
    sentences = []
    if len(guesses):
        names = "; ".join(map(title_of, zip(guesses["system"], guesses["nas"], strict=True)))
        sentences.append(f"Cannot be told apart from a guess ({chance:.1f}): {names}.")
    for other, name in OTHERS.items():
        of = [each for each in compared if each.other == other]
        within = [title_of(each.row) for each in of if not each.told]
        if within and len(within) == len(of):
            sentences.append(f"No row that is compared with {name} can be told apart from it.")
        elif within:
            sentences.append(f"Cannot be told apart from {name}: {'; '.join(within)}.")
    return [*sentences, *_claimed(claims, told=False), *notes(searches)]


def notes(searches: pd.DataFrame) -> list[str]:
    """The sentences of a table of :func:`sernas.reporting.searches.searches_table`."""
    return [] if searches.empty else searches["note"].dropna().tolist()


def _claimed(claims: pd.DataFrame, told: bool) -> list[str]:
    """A sentence a claim and verdict, with the systems of which it is so."""
    if claims.empty:
        return []
    found = claims[(claims["verdict"] != UNTOLD) == told]
    return [
        f'"{claim}" {verdict}: {", ".join(map(_estimated, of.itertuples()))}.'
        for (claim, verdict), of in found.groupby(["claim", "verdict"], sort=False)
    ]


def _estimated(claim) -> str:
    interval = "" if pd.isna(claim.low) else f" ({claim.low:z.2f} to {claim.high:z.2f})"
    return f"{display_name(claim.system)} {claim.estimate:+z.2f}{interval}"


def _with_interval(row) -> str:
    if pd.isna(row.ua_low):
        return f"{row.ua:.1f} (no interval)"
    return f"{row.ua:.1f} ({row.ua_low:.1f} to {row.ua_high:.1f})"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
