"""What ``sernas check`` prints."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sernas.base.hardware import memory_gib
from sernas.corpora.left_out import kind
from sernas.plan.check import Found, Report, Spread

BAR = 30  # characters of the longest
SHOWN = 20  # speakers, faults, or files of a kind; --format json has all
NAMES = 4  # of speakers in a cell


def print_report(report: Report, form: str) -> None:
    """To standard output."""
    if form == "json":
        print(json.dumps(asdict(report) | {"exit_code": report.exit_code}, ensure_ascii=False))
        return
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=True)
    where = ", ".join(f"{key} {value}" for key, value in report.corpus.items())
    console.print(Text(where, style="bold"))
    for note in report.notes:
        console.print(f"  {note}")
    _print_found(console, report.found, report.emotions)
    _print_faults(console, report)
    if report.folds:
        _print_folds(console, report)
        _print_needs(console, report)
    _print_verdict(console, report)


def _print_found(console: Console, found: Found, emotions: Sequence[str]) -> None:
    totals = Counter()
    for counts in found.speakers.values():
        totals.update(counts)
    if not totals:
        return
    title = f"{sum(totals.values())} utterances of {len(found.speakers)} speakers"
    if found.usable:
        title += f"; of the emotions wanted {found.usable}, {found.hours:.2f} h, can be used"
    most = max(totals.values())
    _heading(console, title)
    rows = [
        (emotion, str(n), "" if emotion in emotions else "left out", "█" * -(-BAR * n // most))
        for emotion, n in sorted(
            totals.items(), key=lambda item: (item[0] not in emotions, -item[1])
        )
    ]
    _print_table(console, ["emotion", "utterances", "", ""], rows, numbers=(1,))
    columns = ["speaker", *emotions, "others"]
    listed = [
        (
            speaker,
            *(str(counts.get(emotion, 0)) for emotion in emotions),
            str(sum(n for emotion, n in counts.items() if emotion not in emotions)),
        )
        for speaker, counts in list(found.speakers.items())[:SHOWN]
    ]
    _print_table(console, columns, listed, numbers=range(1, len(columns)))
    _more(console, len(found.speakers), "speakers")
    if found.seconds:
        heard = f"of {found.heard} heard"
        rows = [
            ("seconds", *_three(found.seconds, ".2f"), ""),
            ("RMS between silent ends, dBFS", *_three(found.loudness_db, ".1f"), heard),
            ("silence before, s", *_three(found.lead_s, ".2f"), heard),
            ("silence after, s", *_three(found.tail_s, ".2f"), heard),
        ]
        _print_table(console, ["", "min", "median", "max", ""], rows, numbers=(1, 2, 3))
        console.print(
            "Sample rates: "
            + ", ".join(f"{rate} Hz ({n})" for rate, n in found.rates.items())
            + "; channels: "
            + ", ".join(f"{channels} ({n})" for channels, n in found.channels.items())
        )
    if found.heard < found.usable:
        console.print(
            f"Of the other {found.usable - found.heard} only the headers were read: silence, "
            "damage within and copies of one another may be among them; --hear-all takes about "
            f"{found.unheard_s:.0f} s more."
        )


def _print_faults(console: Console, report: Report) -> None:
    for warning in report.warnings:
        console.print(f"Warning: {warning}")
    if report.left_out:
        _heading(console, f"Left out on purpose: {len(report.left_out)}")
        _print_kinds(console, report.left_out)
    if not report.faults:
        return
    _heading(console, f"Would be left out for their faults: {len(report.faults)}")
    if len(report.faults) > SHOWN:
        _print_kinds(console, report.faults)
    for row in report.faults[:SHOWN]:
        console.print(f"  {row['path']}: {row['reason']}")
    _more(console, len(report.faults), "files")


def _print_kinds(console: Console, rows: Sequence[Mapping[str, str]]) -> None:
    of_kind: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        of_kind[kind(row["reason"])].append(row["path"])
    listed = sorted(of_kind.items(), key=lambda item: -len(item[1]))
    cells = [(str(len(paths)), reason, paths[0]) for reason, paths in listed[:SHOWN]]
    _print_table(console, ["", "for", "the first"], cells, numbers=(0,))
    _more(console, len(listed), "reasons")


def _print_folds(console: Console, report: Report) -> None:
    _heading(console, f"Folds: {report.scheme}")
    rows = [
        (
            str(number) if role == "train" else "",
            role,
            _some(fold.speakers[role]),
            *(str(n) for n in fold.utterances[role].values()),
        )
        for number, fold in list(report.folds.items())[:SHOWN]
        for role in fold.speakers
    ]
    columns = ["fold", "role", "speakers", *report.emotions]
    _print_table(console, columns, rows, numbers=range(3, len(columns)))
    _more(console, len(report.folds), "folds")


def _print_needs(console: Console, report: Report) -> None:
    _heading(console, "What it would take, roughly (time: one job after another)")
    rows = [
        (
            need.what,
            f"{need.memory_mb / 1024:.1f} GB",
            _time(need.cpu_hours),
            _time(need.gpu_hours),
            f"{need.disk_mb:.0f} MB" if need.disk_mb else "",
        )
        for need in report.needs
    ]
    rows.append(
        (
            "all",
            f"{max(need.memory_mb for need in report.needs) / 1024:.1f} GB",
            _time(sum(need.cpu_hours for need in report.needs)),
            _time(sum(need.gpu_hours for need in report.needs)),
            f"{sum(need.disk_mb for need in report.needs):.0f} MB",
        )
    )
    _print_table(
        console, ["", "memory", "CPU alone", "with a GPU", "disk"], rows, numbers=(1, 2, 3, 4)
    )
    console.print(f"This machine has {memory_gib()} GB of memory.")


def _print_verdict(console: Console, report: Report) -> None:
    if report.refused:
        _heading(console, f"A run would be refused: {len(report.refused)}")
        for reason in report.refused[:SHOWN]:
            console.print(Text(f"  {reason}", style="red"))
        _more(console, len(report.refused), "reasons")
    else:
        kinds = {0: "It can be used.", 1: "It can be used, without what is faulty."}
        _heading(console, kinds[report.exit_code])
    if report.run:
        console.print(f"Next: {report.run}")


def _heading(console: Console, text: str) -> None:
    console.print(Text(f"\n{text}", style="bold"))


def _print_table(
    console: Console,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    numbers: Iterable[int] = (),
) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for number, column in enumerate(columns):
        right = number in numbers
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table, soft_wrap=False)


def _three(spread: Spread | None, form: str) -> list[str]:
    return [format(value, form) for value in spread] if spread else ["", "", ""]


def _time(hours: float) -> str:
    if not hours:
        return ""
    return f"{hours:.1f} h" if hours >= 1 else f"{max(1, round(60 * hours))} min"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return ", ".join(names[:NAMES]) + more


def _more(console: Console, number: int, what: str) -> None:
    if number > SHOWN:
        console.print(f"  ... and {number - SHOWN} more {what}; --format json has all")
