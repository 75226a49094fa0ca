"""``sernas check``: whether recordings can be used."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer


def check(
    path: Annotated[Path, typer.Argument(metavar="FOLDER|MANIFEST", help="What to check.")],
    corpus: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which corpus it is, of those of `sernas corpora`."),
    ] = None,
    config: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="As of snakemake --config; may be repeated."),
    ] = None,
    configfile: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="The configuration, in place of config/own.yaml; may be repeated."
        ),
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN",
            help="Where paths in the folder say who speaks: a regular expression with a group.",
        ),
    ] = None,
    emotion: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="The same of the emotion.")
    ] = None,
    pattern: Annotated[
        str | None,
        typer.Option(
            metavar="PATTERN", help="Both in one, such as `(?P<speaker>.+?)/(?P<emotion>.+?)/`."
        ),
    ] = None,
    write_manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a manifest of path, speaker, emotion; nothing else is."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Even where FILE exists.")] = False,
    hear_all: Annotated[
        bool, typer.Option("--hear-all", help="Hear every recording, however many there are.")
    ] = False,
    form: Annotated[
        Literal["table", "json"], typer.Option("--format", help="How to print it.")
    ] = "table",
) -> None:
    """Say whether recordings can be used: what there is, all that a run would leave out or refuse,
    the folds that it would make, and what it would take. Nothing is written, nothing computed.

    Without a manifest the paths must say who speaks and with which emotion;
    where they do is found out, or told. Of more than 2000 recordings some are
    heard, and of the others the headers are read.

    Exit code: 0, all is well; 1, something would be left out for its faults;
    2, it would not run.

    Examples:

        sernas check /data/mine

        sernas check /data/mine --speaker '^(.+?)/' --write-manifest mine.csv

        sernas check /data/ravdess --config emotions='[calm, angry]'
    """
    from sernas.commands.check_tables import print_report
    from sernas.corpora.layout import places_of
    from sernas.plan.checked import checked

    sys.stdout.reconfigure(errors="backslashreplace")  # names of files need be no text
    report = checked(
        path,
        corpus,
        places_of(speaker, emotion, pattern),
        configfile,
        config or (),
        write_manifest,
        force,
        hear_all=hear_all,
        progress=sys.stderr.isatty(),
    )
    print_report(report, form)
    raise typer.Exit(report.exit_code)
