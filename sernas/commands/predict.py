"""``sernas predict``: the emotions of recordings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sernas.commands.output import Format, print_rows

ALONE = (
    "sernas: this model was tested on recordings that were normalised by all of their speaker; "
    "alone, as here, one is recognised worse. Name more of that speaker by --speaker-recordings"
)


def predict(
    model: Annotated[Path, typer.Argument(help="Folder of a released model.")],
    files: Annotated[
        list[str],
        typer.Argument(help="Files, folders, globs, or - for a file on stdin."),
    ],
    form: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
    segments: Annotated[
        bool, typer.Option("--segments", help="Probabilities over time: a row each window.")
    ] = False,
    seconds: Annotated[float, typer.Option(help="Length of these windows.", min=0.2)] = 2.0,
    hop: Annotated[float, typer.Option(help="Seconds from one to the next.", min=0.01)] = 1.0,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw the probabilities of one file over time: a .png or .pdf."),
    ] = None,
    speaker_recordings: Annotated[
        list[str] | None,
        typer.Option(
            help="Files, folders or globs of the same speaker, for a model that normalises by "
            "the speaker; without them each recording stands for itself."
        ),
    ] = None,
    speech_model: Annotated[
        str | None,
        typer.Option(help="Name or folder of the speech model that the model reads, if moved."),
    ] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A file that adds the model's system.")
    ] = None,
) -> None:
    """Say which emotion recordings show, with a probability of each emotion.

    A recording of up to a minute is heard whole, a longer one minute by minute.

    What cannot be read is told on stderr and passed over (exit code 1).

    Models are listed by sernas models.

    Examples:

        sernas predict results/models/best call.wav

        sernas predict results/models/best recordings/ --format csv > emotions.csv

        sernas predict results/models/best call.wav --segments --plot call.png
    """
    from tqdm import tqdm

    from sernas.base.plugins import load_plugins
    from sernas.release.many import predicted
    from sernas.release.package import load

    load_plugins(map(str, plugin or ()))
    windows = (seconds, hop) if segments else None
    rows, failed = [], 0
    opened = load(model, speech_model)
    if opened.by_speaker and not speaker_recordings:
        print(ALONE, file=sys.stderr)
    for found in predicted(opened, files, windows, plot, speaker_recordings or ()):
        if isinstance(found, Exception):
            tqdm.write(f"sernas: {found}", file=sys.stderr)
            failed += 1
        else:
            rows.append(_rounded(found) if form is Format.TABLE else found)
    if rows:
        print_rows(rows, form)
    if failed:
        raise typer.Exit(1 if rows else 2)


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """What people read of a row."""
    return {name: f"{value:.3f}" if name.startswith("p_") else value for name, value in row.items()}
