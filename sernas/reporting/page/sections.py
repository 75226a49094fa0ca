"""The sections of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import yaml

from sernas.reporting.page import findings, pictures, provenance, tables
from sernas.reporting.page.captions import Captions
from sernas.reporting.page.comparisons import comparisons
from sernas.reporting.page.curves import learning_curves
from sernas.reporting.page.findings import Finding
from sernas.reporting.page.run import Run
from sernas.reporting.page.shown import Group, Shown
from sernas.reporting.page.tables import Table


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        name: of its element.
        title: its heading.
        text: a paragraph that it begins with.
        lists: sentences, by the heading of each list.
        rows: what was found, row by row.
        chance: the UA of a guess, in percent.
        groups: pictures.
        tables: tables.
        about: how it was done, HTML.
        config: as it was run, YAML.
    """

    name: str
    title: str
    text: str = ""
    lists: dict[str, list[str]] = field(default_factory=dict)
    rows: list[Finding] = field(default_factory=list)
    chance: float = 0
    groups: list[Group] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    about: str = ""
    config: str = ""


def sections(run: Run, captions: Path, system: str | None) -> list[Section]:
    """All that there is something to show in, in the page's order.

    Args:
        captions: see :func:`sernas.reporting.page.writing.write_page`.
        system: that of Fig. 3.
    """
    skips = run.config["search"]["stop_at_skips"]
    about = Captions(captions, run.config, system=system, stop_at_skips=skips)
    found = [
        _found(run),
        _results(run, about),
        _searches(run, about),
        _recognised(run, about),
        Section("training", "Training", groups=_groups(("Loss", learning_curves(run.histories)))),
        Section("costs", "Cost", tables=[tables.costs(run.results)]),
        _excluded(run),
        _provenance(run),
    ]
    return [each for each in found if each.text or each.tables or each.groups]


def _found(run: Run) -> Section:
    compared = comparisons(run.results, run.evaluation.confidence)
    claims, searches = run.table("claims"), run.table("searches")
    told = findings.told(compared, claims)
    untold = findings.untold(run.results, compared, claims, searches, run.chance)
    return Section(
        "found",
        "What was found",
        findings.lead(run.results, run.config["corpus"], run.emotions),
        {
            "Beyond noise": told or ["Nothing."],
            "Not beyond noise": untold or ["Nothing."],
        },
        findings.of_rows(run.results, compared, run.chance),
        run.chance,
    )


def _results(run: Run, about: Captions) -> Section:
    notes = findings.notes(run.table("searches"))
    shown = [tables.results(run.results, run.experiment, run.evaluation.confidence, notes)]
    shown += _tables(run, about, claims=tables.claims, variants=tables.variants)
    return Section("results", "Results", tables=shown, about=about("workflow"))


def _searches(run: Run, about: Captions) -> Section:
    groups = _groups(
        ("Fig. 3", pictures.of_fig3(run), about("fig3")),
        ("Genotypes", pictures.of_cells(run), about("cells")),
        (
            "Architecture weights",
            pictures.of_searches(run, "architecture_weights"),
            about("architecture_weights"),
        ),
        ("Diagnostics", pictures.of_searches(run, "diagnostics"), about("diagnostics")),
        ("Collapse", pictures.of_collapse(run), about("collapse")),
        ("Ranks", pictures.of_ranks(run), about("rank_correlation")),
    )
    shown = _tables(run, about, searches=tables.searches, rank_correlation=tables.rank_correlation)
    derived = tables.choices(run.texts("architectures"))
    return Section("searches", "Architectures", groups=groups, tables=[*derived, *shown])


def _recognised(run: Run, about: Captions) -> Section:
    kinds = {"confusion": "Emotions", "speakers": "Speakers", "durations": "Durations"}
    shown = [
        (title, pictures.of_predictions(run, kind), about(kind)) for kind, title in kinds.items()
    ]
    return Section(
        "recognised",
        "Who and what is recognised",
        tables=[tables.recognised(run.predictions, run.rows, run.emotions)],
        groups=_groups(*shown),
    )


def _excluded(run: Run) -> Section:
    left_out = run.texts("excluded")
    text = f"Utterances that were left out: {len(left_out) or 'none'}."
    shown = [tables.excluded(left_out)] if len(left_out) else []
    return Section("excluded", "What was left out", text, tables=shown)


def _provenance(run: Run) -> Section:
    shown = [
        tables.pairs("origin", "Where the table comes from", provenance.origin(run.provenance)),
        tables.pairs("versions", "Versions", run.provenance["versions"]),
    ]
    config = yaml.safe_dump(run.config, sort_keys=False, allow_unicode=True)
    return Section("provenance", "Provenance", tables=shown, config=config)


def _groups(*found: tuple[str, list[Shown]] | tuple[str, list[Shown], str]) -> list[Group]:
    return [Group(*each) for each in found if each[1]]


def _tables(run: Run, about: Captions, **kinds: Callable[[pd.DataFrame], Table]) -> list[Table]:
    """Those that the run has, by their names."""
    found = {name: run.table(name) for name in kinds}
    return [
        replace(kinds[name](table), reading=about(name))
        for name, table in found.items()
        if len(table)
    ]
