"""``sernas status``: how far a run is."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sernas.commands.output import Format, Results, print_rows, table_of

if TYPE_CHECKING:
    from rich.console import Group

    from sernas.plan.status import Status


def status(
    results: Results = Path("results"),
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Print it anew until the run is over.")
    ] = False,
    every: Annotated[float, typer.Option(min=0.1, help="Seconds between two prints.")] = 3,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
) -> None:
    """Say which rows are done, running and to come, and how long that may take.

    It reads what the run writes, and may be asked at any time: while snakemake runs, after it was
    stopped, and when it is over. CSV has the rows alone.

    Examples: sernas status; sernas status results/own --watch
    """
    from sernas.plan.status import status_of

    if watch:
        _watch(results, every)
    elif form is Format.TABLE:
        from rich.console import Console

        Console().print(_shown(status_of(results)))
    elif form is Format.CSV:
        print_rows(status_of(results).table(), form)
    else:
        found = status_of(results)
        print(json.dumps(_about(found) | {"rows": found.table(), "others": found.others()}))


def _watch(results: Path, every: float) -> None:
    from rich.live import Live

    from sernas.plan.status import status_of

    found = status_of(results)
    with Live(_shown(found), auto_refresh=False, vertical_overflow="visible") as live:
        while not found.over and found.done < len(found.jobs):
            time.sleep(every)
            found = status_of(results)
            live.update(_shown(found), refresh=True)


def _about(found: Status) -> dict[str, Any]:
    return {
        "began": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(found.began)),
        "over": found.over,
        "jobs": len(found.jobs),
        "done": found.done,
        "running": found.running,
        "left_s": round(found.left),
        "unknown": found.unknown,
    }


def _shown(found: Status) -> Group:
    """Sentences, the table of rows, and what else there is."""
    from rich.console import Group
    from rich.text import Text

    rows = [_for_people(row) for row in found.table()]
    if len({row["results"] for row in rows}) == 1:
        rows = [{k: v for k, v in row.items() if k != "results"} for row in rows]
    others = [
        f"{row['step']} {row['jobs']} {row['state']}"
        for row in found.others()
        if row["state"] != "done"
    ]
    parts = [Text(_sentence(found)), Text()]
    parts += [table_of(rows), Text()] if rows else []
    parts += [Text(f"Besides: {', '.join(others)}")] if others else []
    return Group(*parts, *map(Text, _errors(found)))


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    left = "unknown" if row["left_s"] is None else spoken(row["left_s"])
    heard = row["heard_s"]
    rest = {key: value for key, value in row.items() if not key.endswith("_s")}
    return rest | {
        "left": None if row["state"] == "done" else left,
        "heard": None if heard is None else f"{spoken(heard)} ago",
    }


def _sentence(found: Status) -> str:
    about = _about(found)
    said = f"Begun {about['began']}: {found.done} of {len(found.jobs)} jobs done"
    if found.done == len(found.jobs):
        return f"{said}."
    side = f", {found.running} side by side" if found.running > 1 else ""
    left = [f"about {spoken(found.left)}{side}"] if found.left else []
    left += [f"{found.unknown} jobs that nothing is known of"] if found.unknown else []
    now = "the run has ended" if found.over else f"{found.running} running"
    return f"{said}, {now}; left: {', '.join(left) or 'little'}."


def _errors(found: Status) -> Iterator[str]:
    for seen in found.jobs:
        if seen.error:
            yield f"Failed: {seen.job.log}: {seen.error}"


def spoken(seconds: float) -> str:
    """``"45 s"``, ``"12 min"``, ``"3 h 20 min"``, ``"2 d 4 h"``."""
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    if seconds < 90:
        return f"{round(seconds)} s"
    if minutes < 90:
        return f"{minutes} min"
    if hours < 48:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{hours // 24} d {hours % 24} h"
